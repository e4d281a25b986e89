package dev.fencepost.verification.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fencepost.Agent;
import dev.fencepost.Durability;
import dev.fencepost.Key;
import dev.fencepost.Lease;
import dev.fencepost.Prefix;
import dev.fencepost.SqlPrompt;
import dev.fencepost.Store;
import dev.fencepost.StoreConfig;
import dev.fencepost.UnusableStoreException;
import dev.fencepost.UnusableStoreException.Reason;
import dev.fencepost.file.SqlShell;
import dev.fencepost.internal.sql.Session;
import dev.fencepost.internal.sqlite.SqliteEngine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.AnnotatedElementContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.io.TempDirFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Hostile strings and files. Each leads to an answer or to an error of this library. No code in them is run, and no
 * other data is lost.
 */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HostileInputTest {
    private static final long SEED = Long.getLong("fencepost.fuzz.seed", 1);

    @TempDir(factory = Quick.class)
    static Path folder;

    private static Path whole = Path.of("");

    @BeforeAll
    static void fill() throws SQLException {
        whole = folder.resolve("whole.db");
        HostileFile.fill(whole);
        // The copies must not be refused as copies.
        SqlPrompt.run(whole, "UPDATE store_place SET path = x''");
    }

    /** A factory of folders in memory, where possible, because the tests do not measure the disk. */
    static final class Quick implements TempDirFactory {
        @Override
        public Path createTempDirectory(AnnotatedElementContext element, ExtensionContext context) throws IOException {
            Path memory = Path.of("/dev/shm");
            return Files.isWritable(memory)
                    ? Files.createTempDirectory(memory, "fencepost")
                    : Files.createTempDirectory("fencepost");
        }
    }

    private static Path copy() throws Exception {
        return Files.copy(whole, folder.resolve("hostile.db"), StandardCopyOption.REPLACE_EXISTING);
    }

    @Test
    void commandLines_areDoneOrRefused(@TempDir(factory = Quick.class) Path here) {
        CommandFuzz fuzz = new CommandFuzz(here.resolve("a.db"), SEED);
        for (int i = 0; i < 150; i++) {
            fuzz.run(i);
        }
        fuzz.end();
    }

    @Test
    void calls_areDoneOrRefused(@TempDir(factory = Quick.class) Path here) {
        StoreConfig config = StoreConfig.of(here.resolve("a.db")).withDurability(Durability.PROCESS_DEATH);
        try (Store store = Store.open(config)) {
            CallFuzz fuzz = new CallFuzz(store, SEED);
            for (int i = 0; i < 3_000; i++) {
                fuzz.run(i);
            }
            assertThat(store.check().findings()).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            CREATE TRIGGER spy AFTER INSERT ON log BEGIN INSERT INTO witness VALUES (1); END
            CREATE TRIGGER spy INSTEAD OF INSERT ON commits BEGIN SELECT load_extension('/tmp/evil.so'); END
            CREATE TRIGGER spy BEFORE UPDATE ON keys BEGIN DELETE FROM claim_requests; END
            CREATE TRIGGER spy INSTEAD OF INSERT ON history BEGIN INSERT INTO witness VALUES (1); END
            DROP VIEW current_values; CREATE VIEW current_values AS SELECT load_extension('/tmp/evil.so') AS key
            DROP VIEW claim_leases; CREATE VIEW claim_leases AS SELECT 1 AS claim_id, 9e18 AS expires_at, 0 AS too_long
            CREATE INDEX spy ON log (abs(value))
            CREATE UNIQUE INDEX spy ON keys (epoch) WHERE epoch > 1
            ALTER TABLE keys ADD COLUMN spy INTEGER AS (abs(key))
            ALTER TABLE log ADD COLUMN spy TEXT DEFAULT 'x'
            PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = replace(sql, 'RAISE(ABORT', 'SELECT(1') WHERE name = 'log_immutable'
            PRAGMA writable_schema = ON; UPDATE sqlite_schema SET tbl_name = 'witness' WHERE name = 'log_immutable'
            PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = NULL WHERE name = 'log_immutable'
            PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = 'CREATE TABLE keys (id INTEGER PRIMARY KEY)' WHERE name = 'keys'
            PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = CAST(x'43ff' AS TEXT) WHERE name = 'current_values'
            PRAGMA writable_schema = ON; UPDATE sqlite_schema SET rootpage = 99999 WHERE name = 'keys'
            PRAGMA writable_schema = ON; UPDATE sqlite_schema SET rootpage = -1 WHERE name = 'keys'
            PRAGMA writable_schema = ON; DELETE FROM sqlite_schema WHERE type = 'index'
            """)
    void filesWithAnAlteredSchema_areRefused(String attack) throws Exception {
        Path file = copy();
        try (Connection connection = SqlShell.connect(file);
                Statement statement = connection.createStatement()) {
            for (String each : attack.split("; (?!END)", -1)) {
                statement.execute(each);
            }
        }
        assertThat(HostileFile.use(file, attack)).containsExactly("refused");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            CREATE VIEW notes AS SELECT load_extension('/tmp/evil.so') AS x FROM keys
            CREATE VIEW latest AS SELECT * FROM versions; CREATE TABLE "keys " (x)
            CREATE VIRTUAL TABLE spy USING fts5 (x)
            """)
    void foreignSchemaObjects_areIgnored(String attack) throws Exception {
        Path file = copy();
        try (Connection connection = SqlShell.connect(file);
                Statement statement = connection.createStatement()) {
            for (String each : attack.split("; ", -1)) {
                statement.execute(each);
            }
        }
        assertThat(HostileFile.use(file, attack)).contains("open").doesNotContain("refused", "failed");
        HostileFile.assertNothingRan(file);
    }

    @ParameterizedTest
    @MethodSource("lies")
    void filesWithFalsifiedRows_leadToTypedErrors(String attack) throws Exception {
        Path file = copy();
        HostileFile.write(file, attack);
        Set<String> codes = HostileFile.use(file, attack);
        assertThat(codes).isNotEmpty();
        HostileFile.assertNothingRan(file);
    }

    /** Rows that no store can have written are reported as damage, with the key concerned. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '^', textBlock = """
            DELETE FROM claims                              | claim held | a key is held by the claim
            DELETE FROM claims                              | put held   | a key is held by the claim
            UPDATE log SET version = NULL, previous_id = NULL, value = NULL WHERE version = 2 | version    | version 2 of 'a' is missing, between the versions 1 and 3
            UPDATE log SET version = NULL, previous_id = NULL, value = NULL WHERE version = 2 | fold       | version 1 of 'a' is missing, before version 3
            UPDATE keys SET key = '' WHERE key = 'b/1'      | list       | a row has an impossible value
            UPDATE keys SET key = char(10) WHERE key = 'b/1' | list      | a row has an impossible value
            """)
    void falsifiedRows_areNamed(String attack, String verb, String words) throws Exception {
        Path file = copy();
        HostileFile.write(file, attack);
        try (Store store = Store.open(file)) {
            Agent agent = store.agent("victim");
            Key<String> held = Key.text("held");
            assertThatThrownBy(() -> {
                        switch (verb) {
                            case "claim held" -> agent.claim(held, Lease.of(Duration.ofMinutes(1)));
                            case "put held" -> agent.tryPut(held, "mine");
                            case "version" -> store.history().version(Key.text("a"), 2);
                            case "fold" -> store.history().fold(Key.text("a"), 0, (sum, change) -> sum + 1);
                            default -> store.list(Prefix.text(""));
                        }
                    })
                    .isInstanceOfSatisfying(
                            UnusableStoreException.class,
                            e -> assertThat(e.reason()).isEqualTo(Reason.DAMAGED))
                    .hasMessageContaining(words);
        }
    }

    static Stream<String> lies() {
        return MaliciousUpdates.STATEMENTS.lines();
    }

    @Test
    void filesWithFlippedBits_leadToTypedErrors() throws Exception {
        for (int i = 0; i < 25; i++) {
            flip(copy(), whole, SEED, i);
        }
    }

    /** Flips some bits of the file, determined by the seed and this number, and uses it. */
    static void flip(Path file, Path whole, long seed, long number) throws Exception {
        SplittableRandom random = new SplittableRandom(seed * 1_000_003 + number);
        byte[] bytes = Files.readAllBytes(whole);
        for (int flips = 1 + random.nextInt(20); flips > 0; flips--) {
            bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
        }
        Files.write(file, bytes);
        assertThat(HostileFile.use(file, "seed " + seed + ", number " + number)).isNotEmpty();
    }

    @Test
    void connections_trustNothingInTheFile() throws Exception {
        try (Session session = SqliteEngine.open(StoreConfig.of(copy())).openForReading()) {
            assertThat(session.number("PRAGMA trusted_schema")).isZero();
            assertThat(session.number("PRAGMA cell_size_check")).isOne();
            assertThat(session.number("PRAGMA query_only")).isOne();
            assertThatThrownBy(() -> session.change("ATTACH ':memory:' AS other"))
                    .hasMessageContaining("too many attached");
            assertThatThrownBy(() -> session.number("SELECT length(zeroblob(600000000))"))
                    .hasMessageContaining("A text is too long; this store reads at most 16777216");
            assertThatThrownBy(() -> session.number("SELECT " + "1+".repeat(1_000_000) + "1"))
                    .hasMessageContaining("statement too long");
        }
    }
}
