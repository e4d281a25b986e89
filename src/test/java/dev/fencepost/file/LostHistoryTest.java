package dev.fencepost.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.fencepost.Agent;
import dev.fencepost.Change;
import dev.fencepost.Claim;
import dev.fencepost.Codec;
import dev.fencepost.CommitId;
import dev.fencepost.CommitOutcome;
import dev.fencepost.Freshness;
import dev.fencepost.InvalidInputException;
import dev.fencepost.Key;
import dev.fencepost.Lease;
import dev.fencepost.LostHistoryException;
import dev.fencepost.Position;
import dev.fencepost.Prefix;
import dev.fencepost.Snapshot;
import dev.fencepost.SqlPrompt;
import dev.fencepost.Store;
import dev.fencepost.StoreConfig;
import dev.fencepost.UnusableStoreException;
import dev.fencepost.UnusableStoreException.Reason;
import dev.fencepost.WriteBatch;
import dev.fencepost.event.ChangeSource;
import dev.fencepost.event.EventCodec;
import dev.fencepost.event.EventStream;
import dev.fencepost.event.Fold;
import dev.fencepost.event.NewEvent;
import dev.fencepost.saga.SagaDefinition;
import dev.fencepost.saga.StoreStep;
import dev.fencepost.testing.StoreTest;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * An older copy that is restored into a file while stores have it open: every method of these stores refuses to go on.
 */
class LostHistoryTest extends StoreTest {
    private static final Key<String> KEY = Key.text("plans/a");
    private static final Key<String> FRESH = Key.text("plans/fresh");
    private static final EventStream<String> STREAM = EventStream.text("log");
    private static final Codec<Integer> COUNTS = new Codec<>() {
        @Override
        public String encode(Integer value) {
            return Integer.toString(value);
        }

        @Override
        public Integer decode(String text) {
            return Integer.valueOf(text);
        }
    };
    private static final Fold<String, Integer> COUNT = new Fold<>("count", 1, 0, (sum, event) -> sum + 1, COUNTS);
    private static final SagaDefinition<String> SAGA =
            SagaDefinition.of("noop", 1, Codec.text()).step(StoreStep.of("only", (tx, order) -> "done"));

    private Path backup;
    private Store store;
    private Agent agent;
    private Claim claim;
    private Snapshot snapshot;

    @Override
    protected String fileName() {
        return "s.db";
    }

    /** The lost history has two commits that the backup lacks. */
    @BeforeEach
    void makeBackup_andGoOn() throws SQLException {
        backup = folder.resolve("backup.db");
        store = Store.open(file);
        agent = store.agent("planner");
        agent.put(KEY, "1").orThrow();
        agent.append(STREAM, new NewEvent<>("e1", "1"));
        claim = agent.claim(Key.text("claimed"), Lease.of(Duration.ofMinutes(10)))
                .orThrow();
        snapshot = store.snapshot();
        sql("backup to '" + backup + "'");
        agent.put(KEY, "lost").orThrow();
        agent.append(STREAM, new NewEvent<>("lost", "lost"));
        assertThat(store.get(KEY).orElseThrow().value()).isEqualTo("lost");
    }

    @AfterEach
    void close() {
        store.close();
    }

    private void sql(String statement) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement prompt = connection.createStatement()) {
            prompt.execute("PRAGMA busy_timeout = 5000");
            prompt.executeUpdate(statement);
        }
    }

    /** Restores the backup, and adds commits as another process might. */
    private void restore(long commits) throws SQLException {
        sql("restore from '" + backup + "'");
        for (long i = 0; i < commits; i++) {
            sql("UPDATE current_values SET value = 'other " + i + "' WHERE key = 'plans/a'");
        }
    }

    /** Returns each method of the API that reads or writes the file. */
    private Map<String, Consumer<LostHistoryTest>> methods() {
        Map<String, Consumer<LostHistoryTest>> all = new LinkedHashMap<>(reads());
        all.putAll(writes());
        return all;
    }

    private Map<String, Consumer<LostHistoryTest>> reads() {
        return Map.ofEntries(
                Map.entry("get", test -> store.get(KEY)),
                Map.entry("get a key that was not read", test -> store.get(FRESH)),
                Map.entry("get a key that was not read, any", test -> store.get(FRESH, Freshness.any())),
                Map.entry("await", test -> store.awaitChange(KEY, 0, Duration.ofSeconds(5))),
                Map.entry("list", test -> store.list(Prefix.text("plans/"))),
                Map.entry("events", test -> store.events(STREAM, 0, 10)),
                Map.entry("fold", test -> store.fold(STREAM, COUNT)),
                Map.entry("claims", test -> store.claims()),
                Map.entry("snapshot", test -> store.snapshot()),
                Map.entry("snapshot at", test -> store.snapshotAt(1)),
                Map.entry("snapshot get", test -> snapshot.get(KEY)),
                Map.entry("snapshot list", test -> snapshot.list(Prefix.text("plans/"))),
                Map.entry("snapshot events", test -> snapshot.events(STREAM, 0, 10)),
                Map.entry("snapshot claims", test -> snapshot.claims()),
                Map.entry("snapshot sagas", test -> snapshot.sagas()),
                Map.entry("history", test -> store.history().of(KEY, 10)),
                Map.entry("version", test -> store.history().version(KEY, 1)),
                Map.entry("dependencies", test -> store.history().dependencies(KEY, 1)),
                Map.entry("refusals", test -> store.history().refusals(10)),
                Map.entry("outcome", test -> store.outcome(new CommitId(store.id(), 1, 1, 1))),
                Map.entry("feed read", test -> agent.feed().read(ChangeSource.values(Prefix.text("")), 0, 10)),
                Map.entry(
                        "feed events",
                        test -> agent.feed().read(ChangeSource.events("", EventCodec.of(Codec.text())), 0, 10)),
                Map.entry("cursors", test -> agent.feed().cursors()),
                Map.entry("sagas", test -> agent.sagas().list(true)),
                Map.entry("saga", test -> agent.sagas().find("x")),
                Map.entry("rules", test -> agent.retention().rules()),
                Map.entry("check", test -> store.check()));
    }

    private Map<String, Consumer<LostHistoryTest>> writes() {
        return Map.ofEntries(
                Map.entry("put", test -> agent.tryPut(KEY, "new")),
                Map.entry(
                        "async put",
                        test -> agent.async()
                                .put(KEY, "new")
                                .toCompletableFuture()
                                .join()),
                Map.entry("commit", test -> agent.tryCommit(WriteBatch.of().put(KEY, "new"))),
                Map.entry("append", test -> agent.append(STREAM, NewEvent.of("new"))),
                Map.entry("transact that only reads", test -> agent.transact(tx -> tx.get(KEY))),
                Map.entry(
                        "transact",
                        test -> agent.transact(tx -> {
                            tx.put(FRESH, "new");
                            return true;
                        })),
                Map.entry("update", test -> agent.update(KEY, text -> text + "+")),
                Map.entry("claim", test -> agent.claim(FRESH, Lease.of(Duration.ofMinutes(1)))),
                Map.entry("resume", test -> agent.resume(claim.token())),
                Map.entry("claim put", test -> claim.put(Key.text("claimed"), "new")),
                Map.entry("renew", test -> claim.renew()),
                Map.entry("saga start", test -> agent.sagas().start(SAGA, "x", "input")),
                Map.entry("retention", test -> agent.retention().apply()));
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 2, 5})
    void restoredFile_isRefused_byEveryMethod(long commits) throws SQLException {
        Position position = store.position();
        restore(commits);
        methods().forEach((name, method) -> assertLost(name, () -> method.accept(this)));
        assertLost("get at least", () -> store.get(KEY, Freshness.atLeast(position)));
    }

    private static void assertLost(String name, ThrowingCallable call) {
        Throwable refused = catchThrowable(call);
        Throwable cause = refused instanceof CompletionException ? refused.getCause() : refused;
        assertThat(cause)
                .as(name)
                .isInstanceOfSatisfying(
                        UnusableStoreException.class,
                        e -> assertThat(e.reason()).isEqualTo(Reason.HISTORY_WENT_BACK));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void cachedRead_afterRestore_isRefused(boolean mapped) throws SQLException {
        try (Store other = Store.open(StoreConfig.of(file).withMappedWalIndex(mapped))) {
            assertThat(other.get(KEY).orElseThrow().value()).isEqualTo("lost");
            restore(2);
            assertThatThrownBy(() -> other.get(KEY))
                    .isInstanceOfSatisfying(
                            UnusableStoreException.class,
                            e -> assertThat(e.reason()).isEqualTo(Reason.HISTORY_WENT_BACK));
        }
    }

    @Test
    void readOnlyTransaction_acrossRestore_isRefused() {
        assertThatThrownBy(() -> agent.transact(tx -> {
                    tx.get(KEY);
                    try {
                        restore(2);
                    } catch (SQLException e) {
                        throw new AssertionError(e);
                    }
                    return tx.get(FRESH);
                }))
                .isInstanceOfSatisfying(
                        UnusableStoreException.class,
                        e -> assertThat(e.reason()).isEqualTo(Reason.HISTORY_WENT_BACK));
    }

    @Test
    void newStore_afterRestore_serves_andRefusesLostPosition() throws SQLException {
        Position lost = store.position();
        restore(5);
        try (Store later = Store.open(file)) {
            assertThat(later.get(KEY).orElseThrow().value()).isEqualTo("other 4");
            assertThatThrownBy(() -> later.get(KEY, Freshness.atLeast(Position.parse(lost.text()))))
                    .isInstanceOf(LostHistoryException.class)
                    .hasMessageContaining(lost.text());
            Position present = later.position();
            assertThat(later.get(KEY, Freshness.atLeast(Position.parse(present.text()))))
                    .isPresent();
        }
    }

    @Test
    void commitOfLostHistory_neverBecomesApplied() throws SQLException {
        long sequence = store.position().sequence();
        long process = SqlPrompt.number(file, "SELECT process FROM commits WHERE sequence = " + sequence);
        long ordinal = SqlPrompt.number(file, "SELECT process_commit_number FROM commits WHERE sequence = " + sequence);
        CommitId lost = new CommitId(store.id(), process, ordinal, sequence);
        assertThat(store.outcome(lost)).isEqualTo(CommitOutcome.APPLIED);
        restore(0);
        try (Store later = Store.open(file)) {
            for (int i = 0; i < 5; i++) {
                assertThat(later.outcome(CommitId.parse(lost.text()))).isEqualTo(CommitOutcome.NOT_APPLIED);
                later.agent("later").put(KEY, "later " + i).orThrow();
            }
        }
    }

    @Test
    void readBeyondTheEnd_isRefused() {
        long end = store.position().sequence();
        ChangeSource<Change<String>> source = ChangeSource.values(Prefix.text(""));
        assertThat(agent.feed().read(source, end, 10).isEmpty()).isTrue();
        assertThatThrownBy(() -> agent.feed().read(source, end + 1, 10))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("sequence " + (end + 1))
                .hasMessageContaining("newest commit is " + end);
        assertThatThrownBy(() -> agent.feed().await(source, end + 1, 10, Duration.ofMinutes(1)))
                .isInstanceOf(InvalidInputException.class);
        assertThat(store.events(STREAM, 2, 10)).isEmpty();
        assertThatThrownBy(() -> store.events(STREAM, 3, 10))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("has 2 events");
        assertThatThrownBy(() -> snapshot.events(STREAM, 3, 10)).isInstanceOf(InvalidInputException.class);
        assertThatThrownBy(() -> agent.transact(tx -> tx.events(STREAM, 3, 10)))
                .isInstanceOf(InvalidInputException.class);
    }
}
