package dev.fencepost.laws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fencepost.Agent;
import dev.fencepost.InvalidInputException;
import dev.fencepost.Key;
import dev.fencepost.Precondition;
import dev.fencepost.Prefix;
import dev.fencepost.Snapshot;
import dev.fencepost.SqlPrompt;
import dev.fencepost.Store;
import dev.fencepost.StoreConfig;
import dev.fencepost.UnusableStoreException;
import dev.fencepost.Versioned;
import dev.fencepost.WriteLockTimeoutException;
import dev.fencepost.event.EventStream;
import dev.fencepost.event.NewEvent;
import dev.fencepost.history.ReadDependency;
import dev.fencepost.history.RetentionPolicy;
import dev.fencepost.history.VersionLookup;
import dev.fencepost.testing.Await;
import dev.fencepost.testing.SettableClock;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** Edge cases of history: positions, times, names, and operations during a read. */
class HistoryEdgeCasesTest extends LawTest {
    private static final Key<String> KEY = Key.text("notes/a");
    private static final EventStream<String> STREAM = EventStream.text("notes/log");

    private final SettableClock clock = new SettableClock();

    private static long count(Store store, String what) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + store.file());
                Statement statement = connection.createStatement();
                var rows = statement.executeQuery("SELECT count(*) FROM " + what)) {
            return rows.getLong(1);
        }
    }

    @Test
    void snapshotAt_anyInstant_hasASequence() {
        Store store = open();
        store.agent("a").put(KEY, "1").orThrow();
        try (Snapshot never = store.snapshotAt(Instant.MIN);
                Snapshot always = store.snapshotAt(Instant.MAX)) {
            assertThat(never.sequence()).isZero();
            assertThat(always.sequence()).isEqualTo(1);
        }
    }

    @Test
    void jumpingClock_prunesNothingYoung() {
        Store store = open(config().withClock(clock));
        Agent agent = store.agent("a");
        agent.retention().setRule("", RetentionPolicy.within(Duration.ofDays(36_500)));
        agent.put(KEY, "1").orThrow();
        clock.advance(Duration.ofDays(-365 * 50));
        agent.put(KEY, "2").orThrow();
        clock.advance(Duration.ofDays(365 * 59));
        agent.put(KEY, "3").orThrow();
        assertThat(agent.retention().apply().versions()).isZero();
        assertThat(store.history().of(KEY)).hasSize(3);
        assertThat(store.check().findings()).isEmpty();
    }

    @Test
    void processAfterLongSleep_keepsItsOwnSnapshots() {
        Store store = open(config().withClock(clock));
        Agent agent = store.agent("a");
        agent.put(KEY, "1").orThrow();
        try (Snapshot snapshot = store.snapshot()) {
            agent.put(KEY, "2").orThrow();
            agent.retention().setRule("", RetentionPolicy.latest(1));
            clock.advance(Duration.ofDays(3_650));
            assertThat(agent.retention().apply().versions()).isZero();
            clock.advance(Duration.ofDays(-7_300));
            assertThat(agent.retention().apply().versions()).isZero();
            assertThat(snapshot.get(KEY)).map(Versioned::value).contains("1");
        }
        assertThat(agent.retention().apply().versions()).isEqualTo(1);
    }

    @Test
    void snapshot_closeFails_isClosedByTheNextHeartbeat() throws Exception {
        Store store = open(config().withWriteLockTimeout(Duration.ofMillis(50)).withHeartbeat(Duration.ofMillis(20)));
        store.agent("a").put(KEY, "1").orThrow();
        Snapshot snapshot = store.snapshot();
        try (Connection other = DriverManager.getConnection("jdbc:sqlite:" + store.file());
                Statement statement = other.createStatement()) {
            statement.execute("BEGIN IMMEDIATE");
            assertThatThrownBy(snapshot::close).isInstanceOf(WriteLockTimeoutException.class);
            statement.execute("ROLLBACK");
        }
        assertThatThrownBy(() -> snapshot.get(KEY)).isInstanceOf(InvalidInputException.class);
        snapshot.close();
        while (count(store, "snapshots") > 0) {
            Thread.onSpinWait();
        }
    }

    @Test
    void unwrittenVersion_newestIsAlwaysOlder() throws Exception {
        Store store = open();
        Agent agent = store.agent("a");
        agent.put(KEY, "0").orThrow();
        AtomicBoolean done = new AtomicBoolean();
        CompletableFuture<Void> writing = CompletableFuture.runAsync(() -> {
            while (!done.get()) {
                agent.put(KEY, "x").orThrow();
            }
        });
        try {
            for (int i = 0; i < 4_000; i++) {
                long next = store.get(KEY).orElseThrow().stamp().version() + 1;
                if (store.history().version(KEY, next) instanceof VersionLookup.NotYetWritten<String> future) {
                    assertThat(future.newest()).isLessThan(next);
                }
            }
        } finally {
            done.set(true);
            writing.get();
        }
    }

    @Test
    void concurrentRuns_countEachPrunedEntryOnce() throws Exception {
        Store store = open();
        Store other = open();
        Agent agent = store.agent("a");
        for (int i = 0; i < 40; i++) {
            for (int k = 0; k < 20; k++) {
                agent.put(Key.text("k" + k), "" + i).orThrow();
                agent.append(EventStream.text("s" + k), NewEvent.of("" + i));
            }
        }
        agent.retention().setRule("", RetentionPolicy.latest(1));
        var beside =
                CompletableFuture.supplyAsync(() -> other.agent("b").retention().apply());
        var here = agent.retention().apply();
        assertThat(here.versions() + beside.get().versions()).isEqualTo(20 * 39);
        assertThat(here.events() + beside.get().events()).isEqualTo(20 * 39);
        assertThat(store.check().findings()).isEmpty();
    }

    @Test
    void prefixes_areOfCodePoints() {
        Store store = open();
        Agent agent = store.agent("a");
        String last = Character.toString(Character.MAX_CODE_POINT);
        List<String> names = new ArrayList<>(List.of("a", "a/", "a/b", "a\uD7FF", "a\uE000", "a\uFFFF"));
        names.addAll(List.of("a" + last, "a" + last + "b", "b", last, last + last));
        for (int i = 1; i <= 3; i++) {
            for (String name : names) {
                agent.put(Key.text(name), "" + i).orThrow();
            }
        }
        for (String prefix : List.of("", "a", "a\uD7FF", "a" + last, last)) {
            List<String> mine =
                    names.stream().filter(name -> name.startsWith(prefix)).toList();
            try (Snapshot then = store.snapshotAt(2L * names.size())) {
                assertThat(then.list(Prefix.text(prefix)))
                        .extracting(found -> found.key().name())
                        .containsExactlyElementsOf(mine);
                assertThat(then.list(Prefix.text(prefix)))
                        .extracting(Versioned::value)
                        .allMatch("2"::equals);
            }
        }
        letGoByPrefix(agent, last);
        assertThat(store.check().findings()).isEmpty();
    }

    private static void letGoByPrefix(Agent agent, String last) {
        agent.retention().setRule("a" + last, RetentionPolicy.latest(1));
        assertThat(agent.retention().apply().versions()).isEqualTo(4);
        agent.retention().setRule("a", RetentionPolicy.latest(2));
        assertThat(agent.retention().apply().versions()).isEqualTo(6);
        agent.retention().setRule("", RetentionPolicy.latest(1));
        assertThat(agent.retention().apply().versions()).isEqualTo(6);
    }

    @Test
    void runsInTheBackground_leaveNoThreads() throws Exception {
        Store store = open();
        Agent agent = store.agent("a");
        List<AutoCloseable> runs = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            runs.add(agent.retention().applyEvery(Duration.ofHours(1)));
        }
        // The first runs have ended.
        awaitStates(states -> states.stream().allMatch(Thread.State.TIMED_WAITING::equals));
        for (AutoCloseable run : runs) {
            run.close();
        }
        awaitStates(List::isEmpty);
    }

    private static void awaitStates(Predicate<List<Thread.State>> wanted) throws InterruptedException {
        Await.so(() -> wanted.test(Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("fencepost-retention"))
                .map(Thread::getState)
                .toList()));
    }

    @Test
    void snapshots_leaveNothingBehind() throws Exception {
        Store store = open();
        store.agent("a").put(KEY, "1").orThrow();
        for (int i = 0; i < 500; i++) {
            try (Snapshot snapshot = store.snapshot()) {
                assertThat(snapshot.get(KEY)).isPresent();
            }
        }
        assertThat(count(store, "snapshots")).isZero();
        assertThat(count(store, "commits")).isEqualTo(1);
    }

    @Test
    void edits_replacingHistory_areRefused() throws Exception {
        Store store = open();
        Agent agent = store.agent("a");
        agent.append(STREAM, new NewEvent<>("e1", "one"));
        agent.append(STREAM, new NewEvent<>("e2", "two"));
        String commit =
                "INSERT INTO log (id, part, remaining, process, process_commit_number, agent, committed_at, event_count)"
                        + " SELECT max(id) + 1, 0, 0, 0, 99, 'sql', 0, 1 FROM log";
        SqlPrompt.run(store.file(), commit);
        assertThatThrownBy(() -> SqlPrompt.run(
                        store.file(),
                        "INSERT OR REPLACE INTO events (stream_id, number, sequence, event_id, body)"
                                + " SELECT 1, 3, max(sequence), 'e1', 'forged' FROM commits"))
                .hasMessageContaining("stored once");
        assertThat(store.events(STREAM)).hasSize(2);
        for (String name : List.of("'a' || char(0) || 'b'", "'a' || char(10)", "''")) {
            assertThatThrownBy(() -> SqlPrompt.run(
                            store.file(),
                            "INSERT INTO event_log (stream, event_id, body) VALUES ('s', " + name + ", 'x')"))
                    .as(name)
                    .isInstanceOf(SQLException.class);
        }
        for (String age : List.of("-1", "3153600000001", "9223372036854775807")) {
            assertThatThrownBy(() -> SqlPrompt.run(
                            store.file(), "INSERT INTO retention_rules (prefix, max_age_ms) VALUES ('p', " + age + ")"))
                    .as(age)
                    .isInstanceOf(SQLException.class);
        }
        SqlPrompt.run(
                store.file(), "INSERT INTO retention_rules (prefix, max_versions) VALUES ('p', 9223372036854775807)");
        assertThat(agent.retention().rules()).hasSize(1);
        assertThat(agent.retention().apply().versions()).isZero();
    }

    @Test
    void edits_ofReadDependencies_changeNothing() throws Exception {
        Store store = open(config().withProvenance(true));
        Agent agent = store.agent("a");
        agent.put(KEY, "1").orThrow();
        agent.put(KEY, "2", Precondition.ifVersion(1)).orThrow();
        List<ReadDependency> beliefs = store.history().dependencies(KEY, 2);
        assertThat(beliefs).containsExactly(new ReadDependency(ReadDependency.Kind.KEY, KEY.name(), 1));
        SqlPrompt.run(store.file(), "INSERT OR REPLACE INTO commit_dependencies VALUES (2, 'key', 'notes/a', 0)");
        assertThatThrownBy(() -> SqlPrompt.run(store.file(), "DELETE FROM commit_dependencies"))
                .hasMessageContaining("only grows");
        assertThat(store.history().dependencies(KEY, 2)).isEqualTo(beliefs);
        for (String edit : List.of(
                "INSERT INTO prunes (key, oldest_version) VALUES ('notes/a', 3)",
                "INSERT INTO cursors (cursor, key_id, source, prefix, position, moved_by_commit)"
                        + " SELECT 'c', 1, 'values', '', 0, max(sequence) FROM commits",
                "INSERT INTO prunes (key, oldest_version) VALUES ('notes/a', 1)")) {
            assertThatThrownBy(() -> SqlPrompt.run(store.file(), edit)).as(edit).hasMessageContaining("fencepost: a ");
        }
    }

    @Test
    void foreignFile_isNotTakenForAnUnfinishedStore() throws Exception {
        Path file = folder.resolve("else.bin");
        byte[] bytes = ByteBuffer.allocate(4_096).putInt(64, 1).array();
        Files.write(file, bytes);
        assertThatThrownBy(() -> Store.open(StoreConfig.of(file))).isInstanceOf(UnusableStoreException.class);
        assertThat(Files.readAllBytes(file)).isEqualTo(bytes);
    }
}
