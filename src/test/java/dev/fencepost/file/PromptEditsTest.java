package dev.fencepost.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fencepost.Agent;
import dev.fencepost.ClaimResult;
import dev.fencepost.Key;
import dev.fencepost.Lease;
import dev.fencepost.Snapshot;
import dev.fencepost.Store;
import dev.fencepost.StoreConfig;
import dev.fencepost.testing.SettableClock;
import dev.fencepost.testing.StoreTest;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Effects of edits at a SQL prompt on the file and on stores that have it open. */
class PromptEditsTest extends StoreTest {
    private static final Key<String> A = Key.text("a");
    private static final Lease LEASE = Lease.of(Duration.ofHours(1));

    /** Bytes at the bounds of the ranges of UTF-8, and the control characters that the trigger uses. */
    private static final byte[] EDGES =
            HexFormat.of().parseHex("010203040506070820417f808f909fa0bfc0c1c2c3dfe0e1ecedeeeff0f1f3f4f5f7f8fbfcfdfeff");

    @BeforeEach
    void makeStore() {
        Store.open(file).close();
    }

    static List<SqlShell> prompts() {
        return SqlShell.here();
    }

    private void prompt(String... statements) {
        assertThat(SqlShell.JDBC.run(file, statements)).isEmpty();
    }

    private static boolean isValid(byte[] bytes) {
        try {
            StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(bytes));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }

    private static byte[] text(Random random) {
        if (random.nextBoolean()) {
            byte[] bytes = new byte[1 + random.nextInt(8)];
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] =
                        random.nextInt(4) == 0 ? (byte) (1 + random.nextInt(255)) : EDGES[random.nextInt(EDGES.length)];
            }
            return bytes;
        }
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(3); i >= 0; i--) {
            int character = 1 + random.nextInt(random.nextBoolean() ? 0x900 : 0x10ffff);
            text.appendCodePoint(character >= 0xd800 && character < 0xe000 ? character - 0x800 : character);
        }
        byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
        if (random.nextBoolean()) {
            bytes[random.nextInt(bytes.length)] = (byte) (1 + random.nextInt(255));
        }
        return bytes;
    }

    @Test
    void texts_theTriggerAndAStrictDecoder_agree() throws SQLException {
        Random random = new Random(20);
        int refused = 0;
        try (Connection connection = SqlShell.connect(file);
                PreparedStatement insert =
                        connection.prepareStatement("INSERT INTO internal_wellformed VALUES (CAST(? AS TEXT))")) {
            for (int i = 0; i < 20_000; i++) {
                byte[] bytes = text(random);
                boolean valid = isValid(bytes);
                insert.setBytes(1, bytes);
                if (valid) {
                    insert.executeUpdate();
                } else {
                    refused++;
                    assertThatThrownBy(insert::executeUpdate)
                            .as(HexFormat.of().formatHex(bytes))
                            .hasMessageContaining("a text is valid UTF-8");
                }
            }
        }
        assertThat(refused).isBetween(5_000, 15_000);
    }

    /** The first and last characters of each plane and of each length, noncharacters included. */
    @ParameterizedTest
    @MethodSource("prompts")
    void validTexts_ofAllPlanes_areAccepted(SqlShell prompt) {
        StringBuilder all = new StringBuilder("\u0001\u0007\u007f\u0080\u07ff\u0800\ud7ff\ue000\ufffd\ufffe\uffff");
        for (int plane = 1; plane <= 16; plane++) {
            all.appendCodePoint(plane << 16).appendCodePoint((plane << 16) + 0xffff);
        }
        String hex = HexFormat.of().formatHex(all.toString().getBytes(StandardCharsets.UTF_8));
        assertThat(prompt.run(
                        file, "INSERT INTO current_values (key, value) VALUES ('ключ', CAST(x'" + hex + "' AS TEXT))"))
                .isEmpty();
        try (Store store = Store.open(file)) {
            assertThat(store.get(Key.text("ключ")).orElseThrow().value()).isEqualTo(all.toString());
            assertThat(store.check().findings()).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("prompts")
    void ordinals_ofEditsByHand_areRandom(SqlShell prompt) {
        try (Store store = Store.open(file)) {
            store.agent("holder")
                    .claim(Key.text("held"), Lease.withoutHeartbeats(Duration.ofHours(1)))
                    .orThrow();
            for (int i = 0; i < 20; i++) {
                assertThat(prompt.run(
                                file,
                                "INSERT INTO current_values (key, value) VALUES ('a', '1')",
                                "UPDATE current_values SET value = '2'",
                                "DELETE FROM current_values",
                                "INSERT INTO event_log (stream, event_id, body) VALUES ('s', '" + i + "', 'x')"))
                        .isEmpty();
            }
            assertThat(prompt.run(file, "DELETE FROM active_claims")).isEmpty();
            List<String> ordinals = FileDump.query(file, "SELECT process_commit_number FROM commits WHERE process = 0");
            assertThat(ordinals)
                    .hasSize(81)
                    .doesNotHaveDuplicates()
                    .allSatisfy(ordinal -> assertThat(Long.parseLong(ordinal)).isBetween(1L, (1L << 62) - 1));
            Set<String> sequences = new HashSet<>(FileDump.query(file, "SELECT sequence FROM commits"));
            assertThat(ordinals).doesNotContainAnyElementsOf(sequences);
            assertThat(store.check().findings()).isEmpty();
        }
    }

    @Test
    @SuppressWarnings("try") // closing it is what is tested
    void claims_inTheView_haveAStatus() {
        SettableClock clock = new SettableClock();
        clock.advance(Duration.ofDays(-20 * 365));
        Duration year = Duration.ofDays(365);
        try (Store now = Store.open(StoreConfig.of(file).withHeartbeat(Duration.ofHours(1)));
                Store past = Store.open(StoreConfig.of(file).withClock(clock).withHeartbeat(Duration.ofHours(1)))) {
            now.agent("a").claim(Key.text("1"), Lease.of(year)).orThrow();
            past.agent("b")
                    .claim(Key.text("2"), Lease.withoutHeartbeats(Duration.ofDays(1)))
                    .orThrow();
            past.agent("c").claim(Key.text("3"), Lease.of(Duration.ofDays(1))).orThrow();
            String claims = "SELECT key, status, process_closed FROM active_claims ORDER BY key";
            assertThat(FileDump.query(file, claims)).containsExactly("1|held|0", "2|lapsed|0", "3|held-too-long|0");
            past.close();
            assertThat(FileDump.query(file, claims)).containsExactly("1|held|0", "2|lapsed|1");
        }
    }

    @Test
    void processMarkedAsClosed_atThePrompt_keepsItsLaterClaims() {
        StoreConfig config = StoreConfig.of(file).withHeartbeat(Duration.ofMinutes(10));
        try (Store marked = Store.open(config);
                Store other = Store.open(config)) {
            marked.agent("a").put(A, "1").orThrow();
            prompt("UPDATE processes SET closed_at = 1 WHERE id = 1");
            marked.agent("a").claim(A, LEASE).orThrow();
            assertThat(other.agent("b").claim(A, LEASE)).isInstanceOf(ClaimResult.Busy.class);
            assertThat(marked.agent("c").claim(Key.text("b"), LEASE)).isInstanceOf(ClaimResult.Granted.class);
        }
    }

    /** SQLite stores the last numbers of some tables in a table of its own, which has no triggers. */
    @Test
    void lastNumbersOfSqlite_changedByHand_exhaustNothing() throws Exception {
        try (Store store = Store.open(StoreConfig.of(file).withProvenance(true))) {
            Agent agent = store.agent("a");
            store.snapshot().close();
            prompt(
                    "DELETE FROM sqlite_sequence",
                    "INSERT INTO sqlite_sequence SELECT name, 9223372036854775807 FROM numbers");
            assertThat(store.check().findings())
                    .hasSize(3)
                    .allSatisfy(found -> assertThat(found).contains("rows are numbered one after the other"));
            try (Snapshot snapshot = store.snapshot()) {
                assertThat(snapshot.get(A)).isEmpty();
            }
            agent.claim(A, LEASE).orThrow();
            // In another thread: this thread would wait for itself.
            assertThat(CompletableFuture.supplyAsync(() -> store.agent("b").claim(A, LEASE, Duration.ofMillis(1)))
                            .get())
                    .isInstanceOf(ClaimResult.Busy.class);
            assertThat(store.agent("b").tryPut(A, "x").isCommitted()).isFalse();
            assertThat(store.agent("b").tryPut(A, "x").isCommitted()).isFalse();
            assertThat(store.history().refusals(10)).isNotEmpty();
        }
    }
}
