package dev.fencepost.laws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fencepost.Agent;
import dev.fencepost.Change;
import dev.fencepost.Claim;
import dev.fencepost.Codec;
import dev.fencepost.DeadlockException;
import dev.fencepost.FencedException;
import dev.fencepost.Key;
import dev.fencepost.Lease;
import dev.fencepost.Prefix;
import dev.fencepost.RetryPolicy;
import dev.fencepost.Store;
import dev.fencepost.StoreClosedException;
import dev.fencepost.StoreConfig;
import dev.fencepost.StreamConflict;
import dev.fencepost.WriteBatch;
import dev.fencepost.event.ChangeSource;
import dev.fencepost.event.ClaimedBatch;
import dev.fencepost.event.Cursor;
import dev.fencepost.event.EventCodec;
import dev.fencepost.event.EventStream;
import dev.fencepost.event.NewEvent;
import dev.fencepost.event.Subscription;
import dev.fencepost.history.PrunedException;
import dev.fencepost.history.RetentionPolicy;
import dev.fencepost.testing.Await;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Consumers that have nothing to do, that conflict with each other, and whose handlers fail. */
class ChangeFeedEdgeCasesTest extends LawTest {
    private static final EventStream<String> STREAM = EventStream.text("log/a");
    private static final Prefix<String> PREFIX = Prefix.text("plans/");
    private static final ChangeSource<Change<String>> PLANS = ChangeSource.values(PREFIX);

    private static long last(Store store) {
        try (var snapshot = store.snapshot()) {
            return snapshot.sequence();
        }
    }

    private static void put(Agent agent, int from, int to) {
        for (int i = from; i <= to; i++) {
            agent.put(PREFIX.key("k" + i), "" + i).orThrow();
        }
    }

    @Test
    void idleConsumers_doNotWakeEachOther() throws Exception {
        Store store = open();
        Agent agent = store.agent("taker");
        long before = last(store);
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            Future<Boolean> one = threads.submit(() -> agent.feed()
                    .claimBatch(Cursor.of("one", PLANS), Duration.ofMillis(1_500))
                    .isEmpty());
            Future<Boolean> two = threads.submit(() -> agent.feed()
                    .claimBatch(Cursor.of("two", PLANS), Duration.ofMillis(1_500))
                    .isEmpty());
            assertThat(one.get()).isTrue();
            assertThat(two.get()).isTrue();
        } finally {
            threads.shutdownNow();
        }
        // The claim, the cursor and the release of each consumer.
        assertThat(last(store) - before).isLessThanOrEqualTo(6);
    }

    @Test
    void secondBatch_whileHoldingTheFirst_isADeadlock() {
        Store store = open();
        Agent agent = store.agent("taker");
        put(agent, 1, 3);
        Cursor<Change<String>> cursor = Cursor.of("c", PLANS);
        try (ClaimedBatch<Change<String>> taken =
                agent.feed().claimBatch(cursor, Duration.ZERO).orElseThrow()) {
            assertThat(taken.changes()).hasSize(3);
            assertThatThrownBy(() -> agent.feed().claimBatch(cursor, Duration.ofSeconds(2)))
                    .isInstanceOf(DeadlockException.class);
        }
    }

    @Test
    void cursorMovedBack_isConsumedAgainByIdleConsumer() throws Exception {
        Store store = open();
        Agent agent = store.agent("reader");
        put(agent, 1, 3);
        List<String> seen = new CopyOnWriteArrayList<>();
        try (Subscription running = agent.feed()
                .subscribe(
                        Cursor.of("c", PLANS), change -> seen.add(change.value().orElseThrow()))) {
            Await.so(() -> seen.size() == 3);
            Await.so(() -> agent.feed().cursors().get(0).behind() == 0);
            agent.feed().move("c", 0);
            Await.so(() -> seen.size() == 6);
            assertThat(running.isRunning()).isTrue();
        }
        assertThat(seen).containsExactly("1", "2", "3", "1", "2", "3");
    }

    @Test
    void cursor_withWaitingConsumers_isMoved() throws Exception {
        Store store = open(config().withMaxWait(Duration.ofSeconds(5)));
        Agent agent = store.agent("reader");
        put(agent, 1, 3);
        List<String> seen = new CopyOnWriteArrayList<>();
        Cursor<Change<String>> cursor = Cursor.of("c", PLANS);
        try (Subscription one = agent.feed().subscribe(cursor, change -> seen.add("x"));
                Subscription two = store.agent("second").feed().subscribe(cursor, change -> seen.add("x"))) {
            Await.so(() -> seen.size() >= 3 && agent.feed().cursors().get(0).behind() == 0);
            for (int i = 2; i <= 4; i++) {
                // The consumer that the previous move fenced may handle one more batch, which it cannot acknowledge.
                int before = seen.size();
                agent.feed().move("c", 0);
                Await.so(() -> seen.size() >= before + 3);
                Await.so(() -> agent.feed().cursors().get(0).behind() == 0);
            }
            assertThat(one.isRunning() && two.isRunning()).isTrue();
        }
    }

    private static long waiters(Store store) {
        return number(store, "SELECT count(*) FROM claim_requests");
    }

    /** Returns the ticket of the last request in the queue. */
    private static long ticket(Store store) {
        return number(store, "SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'claim_requests'");
    }

    private static long number(Store store, String query) {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + store.file());
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            return rows.getLong(1);
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void handler_leavingThreadInterrupted_stopsNothing() throws Exception {
        Store store = open();
        Agent agent = store.agent("reader");
        put(agent, 1, 1);
        AtomicInteger calls = new AtomicInteger();
        try (Subscription running = agent.feed().subscribe(Cursor.of("c", PLANS), change -> {
            int call = calls.incrementAndGet();
            Thread.currentThread().interrupt();
            if (call == 1) {
                throw new IllegalStateException("interrupted");
            }
        })) {
            Await.so(() -> calls.get() == 2);
            put(agent, 2, 2);
            Await.so(() -> calls.get() == 3);
            assertThat(running.isRunning()).isTrue();
        }
    }

    @Test
    void fencedHandler_isRetriedAfterPause() throws Exception {
        Store store = open();
        Agent agent = store.agent("reader");
        put(agent, 1, 1);
        Claim lost =
                agent.claim(Key.text("mine"), Lease.of(Duration.ofSeconds(10))).orThrow();
        agent.revoke(Key.text("mine"));
        AtomicInteger calls = new AtomicInteger();
        try (Subscription running = agent.feed().subscribe(Cursor.of("c", PLANS), change -> {
            calls.incrementAndGet();
            lost.put(Key.text("mine"), "x");
        })) {
            // The failure is the handler's, so it waits before the next attempt; a lost cursor claim would be no
            // failure.
            Await.so(() -> calls.get() >= 2
                    && running.failure()
                            .filter(FencedException.class::isInstance)
                            .isPresent());
            assertThat(running.isRunning()).isTrue();
        }
    }

    @Test
    void handlerUsingAnotherClosedStore_isRetried() throws Exception {
        Store store = open();
        Store other = Store.open(StoreConfig.of(folder.resolve("other.db")));
        other.close();
        Agent agent = store.agent("reader");
        put(agent, 1, 1);
        AtomicInteger calls = new AtomicInteger();
        try (Subscription running = agent.feed().subscribe(Cursor.of("c", PLANS), change -> {
            if (calls.incrementAndGet() < 3) {
                other.agent("x").put(Key.text("y"), "z").orThrow();
            }
        })) {
            Await.so(() -> calls.get() == 2);
            assertThat(running.failure()).containsInstanceOf(StoreClosedException.class);
            Await.so(() -> calls.get() == 3 && running.failure().isEmpty());
            assertThat(running.isRunning()).isTrue();
        }
    }

    @Test
    void transaction_readingEventsPrunedBefore_failsWithoutRetry() {
        Store store = open();
        Agent agent = store.agent("writer");
        for (int i = 1; i <= 5; i++) {
            agent.append(STREAM, new NewEvent<>("e" + i, "" + i));
        }
        agent.retention().setRule("log/", RetentionPolicy.latest(1));
        agent.retention().apply();
        AtomicInteger runs = new AtomicInteger();
        assertThatThrownBy(() -> agent.transact(
                        tx -> {
                            runs.incrementAndGet();
                            tx.get(Key.text("unchanged"));
                            return tx.events(STREAM, 0, 10);
                        },
                        RetryPolicy.standard()))
                .isInstanceOf(PrunedException.class);
        assertThat(runs).hasValue(1);
    }

    @Test
    void emptyAppendAfter_stillChecksTheEnd() {
        Store store = open();
        Agent agent = store.agent("writer");
        agent.append(STREAM, new NewEvent<>("e1", "one"));
        assertThat(agent.tryAppendAfter(STREAM, 0, List.of())).isEqualTo(new StreamConflict<>(STREAM, 0, 1));
        assertThat(agent.appendAfter(STREAM, 1, List.<NewEvent<String>>of())
                        .orThrow()
                        .events())
                .isEmpty();
    }

    @Test
    void commitLargerThanAllBounds_isReadWhole() {
        Store store = open();
        Agent agent = store.agent("writer");
        WriteBatch others = WriteBatch.of();
        for (int i = 0; i < 4_990; i++) {
            others.put(Key.text("other/" + i), "x");
        }
        agent.commit(others).orThrow();
        WriteBatch many = WriteBatch.of();
        for (int i = 0; i < 12_000; i++) {
            many.put(PREFIX.key("k" + i), "x");
            many.append(EventStream.text("events/" + i % 3 + "/" + i), NewEvent.of("y"));
        }
        agent.commit(many).orThrow();
        put(agent, 20_001, 20_002);
        for (int limit : new int[] {1, 100, 10_000}) {
            assertThat(agent.feed().read(PLANS, 0, limit).changes()).hasSize(12_000);
            assertThat(agent.feed()
                            .read(ChangeSource.events("events/1/", EventCodec.of(Codec.text())), 0, limit)
                            .changes())
                    .hasSize(4_000);
        }
        Cursor<Change<String>> cursor = Cursor.of("c", PLANS).withBatch(10);
        ClaimedBatch<Change<String>> first =
                agent.feed().claimBatch(cursor, Duration.ZERO).orElseThrow();
        assertThat(first.changes()).hasSize(12_000);
        assertThat(agent.feed().cursors().get(0).behind()).isEqualTo(10_000);
        first.acknowledge();
        assertThat(agent.feed().cursors().get(0).behind()).isEqualTo(2);
        assertThat(agent.feed().claimBatch(cursor, Duration.ZERO).orElseThrow().changes())
                .hasSize(2);
    }

    @Test
    void cursorName_upTo200Bytes_isAccepted() {
        Store store = open();
        Agent agent = store.agent("reader");
        put(agent, 1, 1);
        for (String name : List.of("a/b c", " x", "\u00e4".repeat(100), "x".repeat(200), "'\"*?[", "\uD83D\uDE00")) {
            agent.feed()
                    .claimBatch(Cursor.of(name, PLANS), Duration.ZERO)
                    .orElseThrow()
                    .acknowledge();
            agent.feed().move(name, 0);
            agent.feed().drop(name);
        }
        assertThat(store.check().findings()).isEmpty();
    }

    @Test
    void handler_mayCloseItsSubscription_andTheStore() throws Exception {
        Store store = open();
        Agent agent = store.agent("reader");
        put(agent, 1, 1);
        CompletableFuture<Subscription> self = new CompletableFuture<>();
        Subscription closing = agent.feed()
                .subscribe(Cursor.of("a", PLANS), change -> self.join().close());
        self.complete(closing);
        Await.so(() -> !closing.isRunning());
        closing.close();
        assertThat(agent.feed().cursors().get(0).behind()).isZero();
        Subscription last = agent.feed().subscribe(Cursor.of("b", PLANS), change -> store.close());
        Await.so(() -> !last.isRunning());
        last.close();
        last.close();
    }

    @Test
    void handlerClaimingItsOwnCursor_isADeadlock() throws Exception {
        Store store = open();
        Agent agent = store.agent("reader");
        put(agent, 1, 1);
        Cursor<Change<String>> cursor = Cursor.of("a", PLANS);
        try (Subscription running =
                agent.feed().subscribe(cursor, change -> agent.feed().claimBatch(cursor, Duration.ofSeconds(5)))) {
            Await.so(() -> running.failure().isPresent());
            assertThat(running.failure()).containsInstanceOf(DeadlockException.class);
        }
    }

    @Test
    void consumers_withoutMaxWait_takeTurns() throws Exception {
        Store store = open(config().withMaxWait(Duration.ZERO));
        Agent agent = store.agent("reader");
        Cursor<Change<String>> cursor = Cursor.of("c", PLANS).withBatch(1);
        AtomicInteger calls = new AtomicInteger();
        try (Subscription one = agent.feed().project(cursor, (tx, change) -> calls.incrementAndGet());
                Subscription two = agent.feed().project(cursor, (tx, change) -> calls.incrementAndGet())) {
            put(agent, 1, 20);
            Await.so(() -> calls.get() >= 20 && agent.feed().cursors().get(0).behind() == 0);
            assertThat(one.isRunning() && two.isRunning()).isTrue();
        }
    }

    @Test
    void pruningOfClaimedBatch_doesNotOvertakeTheWaiter() throws Exception {
        Store store = open();
        Agent agent = store.agent("reader");
        put(agent, 1, 1);
        Cursor<Change<String>> cursor = Cursor.of("c", PLANS);
        ClaimedBatch<Change<String>> taken =
                agent.feed().claimBatch(cursor, Duration.ZERO).orElseThrow();
        List<String> seen = new CopyOnWriteArrayList<>();
        try (Subscription waiting =
                agent.feed().subscribe(cursor, change -> seen.add(change.value().orElseThrow()))) {
            Await.so(() -> waiters(store) > 0);
            agent.put(PREFIX.key("k1"), "2").orThrow();
            agent.retention().setRule("", RetentionPolicy.latest(1));
            assertThat(agent.retention().apply().versions()).isEqualTo(1);
            // The waiter queues again, and checks before it does.
            for (int turn = 0; turn < 2; turn++) {
                long before = ticket(store);
                Await.so(() -> ticket(store) > before);
            }
            assertThat(waiting.isRunning()).isTrue();
            taken.acknowledge();
            Await.so(() -> seen.equals(List.of("2")));
        }
    }
}
