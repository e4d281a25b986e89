package dev.fencepost.file;

import static java.time.Duration.ofHours;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fencepost.Agent;
import dev.fencepost.FencepostException;
import dev.fencepost.Key;
import dev.fencepost.Lease;
import dev.fencepost.Prefix;
import dev.fencepost.Snapshot;
import dev.fencepost.Store;
import dev.fencepost.StoreConfig;
import dev.fencepost.UnusableStoreException;
import dev.fencepost.ValueTooLongException;
import dev.fencepost.event.ChangeSource;
import dev.fencepost.event.EventStream;
import dev.fencepost.event.NewEvent;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Texts, numbers and times that were written behind the triggers: the check finds them, and readers refuse them. */
class LimitDamageTest {
    private static final Key<String> A = Key.text("a");
    private static final EventStream<String> STREAM = EventStream.text("s");

    /** The broken rule, and the statement that breaks it. */
    private static final String DAMAGES = """
            texts are valid UTF-8: the key of key 1     | UPDATE keys SET key = CAST(x'6bff' AS TEXT) WHERE id = 1
            texts are valid UTF-8: the value of version | UPDATE log SET value = CAST(x'eda080' AS TEXT) WHERE id = 1
            texts are valid UTF-8: the agent of commit  | UPDATE log SET agent = CAST(x'ff' AS TEXT) WHERE id = 1
            texts are valid UTF-8: the body of event 1  | UPDATE events SET body = CAST(x'c3' AS TEXT)
            texts are valid UTF-8: the stream of stream | UPDATE streams SET stream = CAST(x'6bff' AS TEXT)
            rows are numbered one after the other: the table claim_requests        | INSERT INTO claim_requests VALUES (9223372036854775807, 0, 'x', 1, 0, 0, '0123456789abcdef', 1, 1, 0)
            rows are numbered one after the other: the table snapshots           | INSERT INTO snapshots VALUES (9223372036854775807, 0, 1, 1, 0)
            rows are numbered one after the other: the table snapshots           | INSERT INTO sqlite_sequence VALUES ('snapshots', 9223372036854775807)
            rows are numbered one after the other: the table refusals       | INSERT INTO refusals VALUES (77, 0, 0, 0, 'x', 'k', 'x', NULL, NULL, 'x')
            rows are numbered one after the other: the table keys           | INSERT INTO keys (id, key) VALUES (9223372036854775807, 'z')
            rows are numbered one after the other: the table numbers has 2  | DELETE FROM numbers WHERE name = 'snapshots'
            times are from 1970 to 9999: heartbeat_at   | UPDATE processes SET heartbeat_at = 9223372036854775807
            times are from 1970 to 9999: committed_at   | UPDATE log SET committed_at = -1 WHERE part = 0
            times are from 1970 to 9999: renewed_at     | UPDATE claims SET renewed_at = 9223372036854775807
            times are from 1970 to 9999: lease_ms of claim | UPDATE claims SET lease_ms = 9223372036854775807
            names and values are within their limits: the agent      | UPDATE log SET agent = '' WHERE id = 1
            a commit has one version of a key           | PRAGMA ignore_check_constraints = ON; UPDATE log SET part = 1 WHERE id = 2
            a process that is closed holds nothing      | INSERT INTO snapshots SELECT 1, max(id), 1, 1, 0 FROM processes; UPDATE processes SET closed_at = 1
            """;

    @TempDir
    static Path folder;

    private static Path whole = Path.of("");
    private static int copies;

    @BeforeAll
    static void fill() {
        whole = folder.resolve("whole.db");
        try (Store store = Store.open(whole)) {
            Agent planner = store.agent("planner");
            planner.put(A, "1").orThrow();
            planner.put(A, "2").orThrow();
            planner.put(Key.text("b"), "grün 漢字 😀").orThrow();
            planner.append(STREAM, List.of(NewEvent.of("x"))).orThrow();
            planner.claim(Key.text("held"), Lease.withoutHeartbeats(ofHours(1))).orThrow();
        }
    }

    private static Path copy() throws Exception {
        Path file = folder.resolve("copy" + ++copies + ".db");
        return Copies.of(whole, file);
    }

    @Test
    void undamagedFile_check_findsNothing() throws Exception {
        assertThat(DamageIsFoundTest.findingsAfter(copy(), "SELECT 1")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = DAMAGES)
    void rowsBehindTheTriggers_check_findsThem(String finding, String damage) throws Exception {
        List<String> words = List.of(finding.split(": ", 2));
        assertThat(DamageIsFoundTest.findingsAfter(copy(), damage))
                .anySatisfy(found -> assertThat(found).contains(words));
    }

    /** The last part of a long text ends in the middle of a character. */
    @Test
    void longTexts_check_readsInPieces() throws Exception {
        String longText = "CAST(zeroblob(0) || replace(hex(zeroblob(1100000)), '00', 'ü') || %s AS TEXT)";
        String update = "UPDATE log SET value = " + longText + " WHERE id = 1";
        assertThat(DamageIsFoundTest.findingsAfter(copy(), update.formatted("'x'")))
                .isEmpty();
        assertThat(DamageIsFoundTest.findingsAfter(copy(), update.formatted("x'c3'")))
                .anySatisfy(found -> assertThat(found).contains("the value of version 1 of key 1"));
    }

    /** Returns each way to read values or events. */
    private static Map<String, Consumer<Store>> readings(Key<String> key) {
        return Map.of(
                "get", store -> store.get(key),
                "list", store -> store.list(Prefix.text("")),
                "history", store -> store.history().of(key),
                "snapshot",
                        store -> {
                            try (Snapshot snapshot = store.snapshot()) {
                                snapshot.get(key);
                            }
                        },
                "snapshot list",
                        store -> {
                            try (Snapshot snapshot = store.snapshot()) {
                                snapshot.list(Prefix.text(""));
                            }
                        },
                "transaction",
                        store -> store.agent("reader")
                                .transact(transaction -> transaction.get(key).isPresent()),
                "feed", store -> store.agent("reader").feed().read(ChangeSource.values(Prefix.text("")), 0, 10));
    }

    private static final Map<String, Consumer<Store>> EVENT_READINGS = Map.of(
            "events", store -> store.events(STREAM),
            "feed", store -> store.agent("reader").feed().read(ChangeSource.stream(STREAM), 0, 10));

    private static void assertAllRefuse(
            Store store,
            Map<String, Consumer<Store>> readings,
            Class<? extends FencepostException> type,
            String... words) {
        readings.forEach((name, reading) -> assertThatThrownBy(() -> reading.accept(store))
                .as(name)
                .isInstanceOf(type)
                .hasMessageContainingAll(words));
    }

    @Test
    void invalidTexts_readers_refuse() throws Exception {
        Path file = copy();
        DamageIsFoundTest.findingsAfter(
                file,
                "UPDATE log SET value = CAST(x'6bff' AS TEXT) WHERE version = 2;"
                        + " UPDATE events SET body = CAST(x'c3' AS TEXT)");
        try (Store store = Store.open(file)) {
            assertAllRefuse(store, readings(A), UnusableStoreException.class, "row of 'a' is not valid UTF-8");
            assertAllRefuse(store, EVENT_READINGS, UnusableStoreException.class, "row of 's' is not valid UTF-8");
            assertThat(store.get(Key.text("b")).orElseThrow().value()).isEqualTo("grün 漢字 😀");
            store.agent("planner").put(A, "new").orThrow();
            assertThat(store.get(A).orElseThrow().value()).isEqualTo("new");
        }
    }

    @Test
    void replacementCharacter_inAValue_isRead() throws Exception {
        try (Store store = Store.open(copy())) {
            store.agent("planner").put(A, "\uFFFD").orThrow();
            assertThat(store.list(Prefix.text("a")).get(0).value()).isEqualTo("\uFFFD");
            assertThat(store.check().findings()).isEmpty();
        }
    }

    @Test
    void twinOfAKey_withInvalidBytes_isNotServed() throws Exception {
        Path file = copy();
        Key<String> twin = Key.text("k\uFFFD");
        DamageIsFoundTest.findingsAfter(file, "UPDATE keys SET key = CAST(x'6bff' AS TEXT) WHERE id = 1");
        try (Store store = Store.open(file)) {
            assertThat(store.get(twin)).isEmpty();
            assertThat(SqlShell.JDBC.run(
                            file, "UPDATE current_values SET value = 'twin' WHERE key = CAST(x'6bff' AS TEXT)"))
                    .isEmpty();
            assertThat(store.get(twin)).isEmpty();
        }
    }

    @Test
    void textsBeyondTheLimit_readers_doNotLoad() throws Exception {
        Path file = copy();
        String text = "x".repeat(3 * 1024 * 1024);
        try (Store store = Store.open(file)) {
            store.agent("writer").put(A, text).orThrow();
            store.agent("writer").append(STREAM, List.of(NewEvent.of(text))).orThrow();
        }
        try (Store store = Store.open(StoreConfig.of(file).withMaxValueBytes(1000))) {
            assertAllRefuse(
                    store,
                    readings(A),
                    ValueTooLongException.class,
                    "The value of 'a', version 3, has 3145728 bytes",
                    "at most 1048576",
                    "higher value limit");
            assertAllRefuse(store, EVENT_READINGS, ValueTooLongException.class, "of the stream 's' has 3145728 bytes");
            assertThat(store.check().findings()).isEmpty();
            assertThat(store.get(Key.text("b"))).isPresent();
            store.agent("planner").put(A, "short").orThrow();
            assertThat(store.get(A).orElseThrow().value()).isEqualTo("short");
        }
        try (Store store = Store.open(StoreConfig.of(file).withMaxValueBytes(3 * 1024 * 1024))) {
            assertThat(store.history().of(A, 2).get(1).value()).contains(text);
        }
    }
}
