package dev.fencepost.proof.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fencepost.Durability;
import dev.fencepost.Store;
import dev.fencepost.StoreConfig;
import dev.fencepost.internal.sql.Opening;
import dev.fencepost.internal.sql.Session;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.Statement;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Whatever is handed over, by words or as a file, leads to an answer or to an error of this library; nothing in it is run,
 * and nothing else is lost by it.
 */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HostileInputTest {
    private static final long SEED = Long.getLong("fencepost.fuzz.seed", 1);

    @TempDir
    static Path folder;

    private static Path whole = Path.of("");

    @BeforeAll
    static void fill() {
        whole = folder.resolve("whole.db");
        HostileFile.fill(whole);
    }

    private static Path copy() throws Exception {
        return Files.copy(whole, folder.resolve("hostile.db"), StandardCopyOption.REPLACE_EXISTING);
    }

    @Test
    void commandLines_areDoneOrRefused(@TempDir Path here) {
        CommandFuzz fuzz = new CommandFuzz(here.resolve("a.db"), SEED);
        for (int i = 0; i < 250; i++) {
            fuzz.run(i);
        }
        fuzz.end();
    }

    @Test
    void calls_areDoneOrRefused(@TempDir Path here) {
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
            CREATE TRIGGER spy AFTER INSERT ON versions BEGIN INSERT INTO witness VALUES (1); END
            CREATE TRIGGER spy AFTER INSERT ON commits BEGIN SELECT load_extension('/tmp/evil.so'); END
            CREATE TRIGGER spy BEFORE UPDATE ON keys BEGIN DELETE FROM waiters; END
            CREATE TRIGGER spy INSTEAD OF INSERT ON history BEGIN INSERT INTO witness VALUES (1); END
            DROP VIEW current; CREATE VIEW current AS SELECT load_extension('/tmp/evil.so') AS key
            DROP VIEW leases; CREATE VIEW leases AS SELECT 1 AS claim, 9e18 AS expires_at, 0 AS too_long
            CREATE INDEX spy ON versions (abs(value))
            CREATE INDEX spy ON versions (value) WHERE load_extension('/tmp/evil.so')
            ALTER TABLE keys ADD COLUMN spy AS (abs(key))
            ALTER TABLE versions ADD COLUMN spy TEXT DEFAULT 'x'
            PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = replace(sql, 'RAISE(ABORT', 'SELECT(1') WHERE name = 'versions_fixed'
            PRAGMA writable_schema = ON; UPDATE sqlite_schema SET tbl_name = 'witness' WHERE name = 'versions_fixed'
            PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = NULL WHERE name = 'versions_fixed'
            PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = 'CREATE TABLE keys (id INTEGER PRIMARY KEY)' WHERE name = 'keys'
            PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = CAST(x'43ff' AS TEXT) WHERE name = 'current'
            PRAGMA writable_schema = ON; UPDATE sqlite_schema SET rootpage = 99999 WHERE name = 'keys'
            PRAGMA writable_schema = ON; UPDATE sqlite_schema SET rootpage = -1 WHERE name = 'keys'
            PRAGMA writable_schema = ON; DELETE FROM sqlite_schema WHERE type = 'index'
            """)
    void filesWhoseSchemaActs_areRefused(String attack) throws Exception {
        Path file = copy();
        try (Connection connection = dev.fencepost.file.Prompt.connect(file);
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
    void whatLiesBeside_isLetBe(String attack) throws Exception {
        Path file = copy();
        try (Connection connection = dev.fencepost.file.Prompt.connect(file);
                Statement statement = connection.createStatement()) {
            for (String each : attack.split("; ", -1)) {
                statement.execute(each);
            }
        }
        assertThat(HostileFile.use(file, attack)).contains("open").doesNotContain("refused", "failed");
        HostileFile.assertNothingRan(file);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            UPDATE keys SET version = 'x' WHERE key = 'a'
            UPDATE keys SET version = 9223372036854775807 WHERE key = 'a'
            UPDATE keys SET version = -5 WHERE key = 'a'
            UPDATE keys SET epoch = 9223372036854775807
            UPDATE keys SET epoch = 'x'
            UPDATE keys SET head = 99999 WHERE key = 'a'
            UPDATE keys SET key = CAST(x'61ff62' AS TEXT) WHERE key = 'b/1'
            UPDATE keys SET key = x'00ff' WHERE key = 'b/1'
            UPDATE keys SET key = char(10) || char(27) || '[31m' WHERE key = 'b/1'
            UPDATE keys SET key = '' WHERE key = 'b/1'
            UPDATE keys SET key = hex(zeroblob(600)) WHERE key = 'b/1'
            UPDATE versions SET value = x'ff00fe'
            UPDATE versions SET value = 17
            UPDATE versions SET value = CAST(x'c328ff' AS TEXT)
            UPDATE versions SET value = hex(zeroblob(20000000)) WHERE id = (SELECT head FROM keys WHERE key = 'a')
            UPDATE versions SET version = 1.5 WHERE version = 1
            UPDATE versions SET sequence = -1
            UPDATE commits SET sequence = -5 WHERE sequence = 1
            UPDATE commits SET sequence = 9223372036854775807 WHERE sequence = (SELECT max(sequence) FROM commits)
            UPDATE commits SET committed_at = 9223372036854775807
            UPDATE commits SET committed_at = -9223372036854775808
            UPDATE commits SET committed_at = 'noon'
            UPDATE commits SET agent = x'ff'
            UPDATE commits SET agent = ''
            UPDATE commits SET process = 'x'
            UPDATE commits SET versions = 9223372036854775807
            UPDATE store SET store_id = hex(zeroblob(3))
            UPDATE store SET store_id = '../../../../../../../etc/passwd!'
            UPDATE store SET store_id = x'00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff'
            DELETE FROM store
            UPDATE processes SET pid = 'x'
            UPDATE processes SET pid = -1, heartbeat_at = 9223372036854775807
            UPDATE processes SET started = x'ff', boot = x'00', namespace = '/etc/passwd'
            UPDATE processes SET id = 9223372036854775807 WHERE id = (SELECT max(id) FROM processes)
            UPDATE grants SET lease = 9223372036854775807, longest_hold = 9223372036854775807
            UPDATE grants SET lease = -1
            UPDATE grants SET ending = 'eaten', ended_sequence = 1
            UPDATE grants SET nonce = 'x'
            UPDATE grants SET granted_at = 9223372036854775807
            UPDATE grants SET keys = -1
            DELETE FROM grants
            DELETE FROM grant_keys
            INSERT INTO waiters VALUES (9223372036854775807, 0, 'x', 1, 0, 9223372036854775807)
            INSERT INTO pins VALUES (1, 0, -1, 9223372036854775807, 9223372036854775807)
            INSERT INTO trimmed SELECT id, 9223372036854775807, -1, 9, 9 FROM keys
            UPDATE retention SET versions = -1
            UPDATE retention SET versions = NULL, age = NULL
            UPDATE retention SET age = 9223372036854775807, versions = NULL
            UPDATE retention SET prefix = '', versions = 1
            UPDATE retention SET prefix = x'ff'
            UPDATE stream_heads SET events = 9223372036854775807
            UPDATE stream_heads SET events = 'x', sequence = -1
            UPDATE stream_heads SET stream = char(10)
            UPDATE saga_runs SET state = 'eaten'
            UPDATE saga_runs SET saga = x'ff'
            UPDATE saga_runs SET entries = -1, version = 'x'
            UPDATE saga_entries SET kind = 'eaten'
            UPDATE saga_entries SET step = NULL, attempt = -1
            """)
    void filesWhoseRowsLie_leadToTypedErrors(String attack) throws Exception {
        Path file = copy();
        HostileFile.write(file, attack);
        Set<String> codes = HostileFile.use(file, attack);
        assertThat(codes).isNotEmpty();
        HostileFile.assertNothingRan(file);
    }

    @Test
    void filesWithFlippedBits_leadToTypedErrors() throws Exception {
        for (int i = 0; i < 40; i++) {
            flip(copy(), whole, SEED, i);
        }
    }

    /** Turns over some bits of the file of this number, and uses it. */
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
        try (Session session = Opening.open(StoreConfig.of(copy())).sqlite().openForReading()) {
            assertThat(session.number("PRAGMA trusted_schema")).isZero();
            assertThat(session.number("PRAGMA cell_size_check")).isOne();
            assertThat(session.number("PRAGMA query_only")).isOne();
        }
    }
}
