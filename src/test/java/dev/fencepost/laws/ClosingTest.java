package dev.fencepost.laws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fencepost.Agent;
import dev.fencepost.Change;
import dev.fencepost.Claim;
import dev.fencepost.ClaimResult;
import dev.fencepost.FencedException;
import dev.fencepost.Key;
import dev.fencepost.Lease;
import dev.fencepost.Prefix;
import dev.fencepost.Snapshot;
import dev.fencepost.Store;
import dev.fencepost.StoreClosedException;
import dev.fencepost.StoreConfig;
import dev.fencepost.WriteResult;
import dev.fencepost.event.ChangeSource;
import dev.fencepost.event.Cursor;
import dev.fencepost.testing.Await;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Closing a store while other threads use it: nothing acknowledged is lost, and no thread hangs. */
class ClosingTest extends LawTest {
    private static final int THREADS = 16;
    private static final int ROUNDS = 20;

    /** The use of a store by one thread, repeated until the store is closed. */
    private interface Use {
        void once(int turn);
    }

    private interface Uses {
        Use of(Store store, int thread);
    }

    /** Closes a store in the middle of its use. Returns how many times each thread succeeded before. */
    private List<Integer> closedInTheMiddle(Store store, Uses uses) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        CountDownLatch begun = new CountDownLatch(THREADS);
        try {
            List<Future<Integer>> results = IntStream.range(0, THREADS)
                    .mapToObj(i -> threads.submit(() -> untilClosed(uses.of(store, i), begun)))
                    .toList();
            begun.await();
            store.close();
            List<Integer> turns = new ArrayList<>();
            for (Future<Integer> result : results) {
                turns.add(result.get());
            }
            return turns;
        } finally {
            threads.shutdownNow();
        }
    }

    private static int untilClosed(Use use, CountDownLatch begun) {
        for (int turn = 1; ; turn++) {
            try {
                use.once(turn);
            } catch (StoreClosedException e) {
                return turn - 1;
            } finally {
                begun.countDown();
            }
        }
    }

    @Test
    void close_duringWrites_keepsAllAcknowledged() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            String prefix = "round-" + round + "/";
            List<Integer> turns = closedInTheMiddle(open(), (store, thread) -> {
                Agent agent = store.agent("agent-" + thread);
                Key<String> key = Key.text(prefix + thread);
                return turn -> agent.put(key, "" + turn).orThrow();
            });
            try (Store again = Store.open(config())) {
                for (int thread = 0; thread < THREADS; thread++) {
                    // A write that was refused as closed was not committed: there is no third outcome.
                    assertThat(again.history().of(Key.text(prefix + thread), 10_000))
                            .hasSize(turns.get(thread));
                }
            }
        }
    }

    @Test
    void close_duringReads_hangsNoThread() throws Exception {
        open().agent("writer").put(Key.text("k"), "x").orThrow();
        for (int round = 0; round < ROUNDS; round++) {
            closedInTheMiddle(open(), (store, thread) -> turn -> {
                store.get(Key.text("k"));
                store.list(Prefix.text(""));
                store.history().of(Key.text("k"), 3);
            });
        }
    }

    @Test
    void close_duringClaims_hangsNoThread_andLeavesNoClaim() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            Store other = open();
            closedInTheMiddle(open(), (store, thread) -> {
                Agent agent = store.agent("agent-" + thread);
                Key<String> key = Key.text("k" + thread % 3);
                return turn -> claimAndRelease(agent, key);
            });
            for (int i = 0; i < 3; i++) {
                ClaimResult result = other.agent("next").claim(Key.text("k" + i), Lease.of(Duration.ofHours(1)));
                result.orThrow().release();
            }
            other.close();
        }
    }

    /** A claim that closing releases is granted to no waiter of the same store. */
    @Test
    void close_refusesItsWaiters_andGrantsThemNothing() throws Exception {
        Key<String> key = Key.text("k");
        Store other = open();
        for (int round = 0; round < ROUNDS; round++) {
            Store store = open();
            assertThat(store.agent("holder")
                            .claim(key, Lease.of(Duration.ofHours(1)))
                            .orThrow()
                            .keys())
                    .hasSize(1);
            ExecutorService threads = Executors.newFixedThreadPool(THREADS);
            try {
                List<Future<ClaimResult>> waiting = IntStream.range(0, THREADS)
                        .mapToObj(i -> threads.submit(
                                () -> store.agent("waiter-" + i).claim(key, waiterLease(i), Duration.ofMinutes(30))))
                        .toList();
                Await.so(() -> waitersAhead(other, key) == THREADS);
                store.close();
                for (Future<ClaimResult> waiter : waiting) {
                    assertThatThrownBy(waiter::get).hasCauseInstanceOf(StoreClosedException.class);
                }
            } finally {
                threads.shutdownNow();
            }
            assertThat(other.claims()).isEmpty();
        }
        other.close();
    }

    private static Lease waiterLease(int thread) {
        Duration length = Duration.ofHours(1);
        return thread % 2 == 0 ? Lease.of(length) : Lease.withoutHeartbeats(length);
    }

    private static int waitersAhead(Store store, Key<String> key) {
        return ((ClaimResult.Busy) store.agent("probe").claim(key, Lease.of(Duration.ofHours(1)))).queuedAhead();
    }

    @Test
    void close_endsEveryWait() throws Exception {
        Duration wait = Duration.ofMinutes(30);
        ChangeSource<Change<String>> source = ChangeSource.values(Prefix.text("none/"));
        for (int round = 0; round < ROUNDS; round++) {
            Store store = open();
            Agent agent = store.agent("waiter");
            String saga = "saga-" + round;
            assertThat(agent.sagas()
                            .startManual(saga, List.of("step"), Lease.withoutHeartbeats(wait))
                            .id())
                    .isEqualTo(saga);
            List<Callable<?>> waits = List.of(
                    () -> store.awaitChange(Key.text("none"), 0, wait),
                    () -> agent.feed().await(source, 0, 1, wait),
                    () -> agent.feed().claimBatch(Cursor.of("cursor", source), wait),
                    () -> agent.sagas().claimTask("role", Lease.of(Duration.ofMinutes(1)), wait),
                    () -> agent.sagas().await(saga, wait));
            ExecutorService threads = Executors.newFixedThreadPool(waits.size());
            CountDownLatch begun = new CountDownLatch(waits.size());
            try {
                List<Future<Object>> results = waits.stream()
                        .map(each -> threads.submit(() -> {
                            begun.countDown();
                            return (Object) each.call();
                        }))
                        .toList();
                begun.await();
                store.close();
                for (Future<Object> result : results) {
                    assertThatThrownBy(result::get).hasCauseInstanceOf(StoreClosedException.class);
                }
            } finally {
                threads.shutdownNow();
            }
        }
    }

    /** The store reads its clock after it has released the claims, and before it refuses reads. */
    @Test
    void claimReadWhileItsStoreCloses_isRefusedAsClosed() {
        AtomicReference<Runnable> look = new AtomicReference<>(() -> {});
        List<RuntimeException> refusals = new ArrayList<>();
        Store store = Store.open(StoreConfig.of(folder.resolve("a.db")).withClock(() -> {
            look.get().run();
            return Instant.now();
        }));
        Agent agent = store.agent("holder");
        Claim claim = agent.claim(Key.text("k"), Lease.of(Duration.ofHours(1))).orThrow();
        look.set(() -> {
            try {
                assertThat(agent.resume(claim.token()).keys()).hasSize(1);
            } catch (RuntimeException e) {
                refusals.add(e);
            }
        });
        store.close();
        assertThat(refusals).isNotEmpty().allMatch(StoreClosedException.class::isInstance);
    }

    @Test
    void close_duringAwaitDurable_isReportedAsClosed() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            closedInTheMiddle(open(), (store, thread) -> turn -> {
                store.agent("writer").put(Key.text("d"), "x").orThrow();
                store.awaitDurable();
            });
        }
        assertThat(folder.resolve("a.db-fsync-failed")).doesNotExist();
    }

    @Test
    void close_duringSnapshots_leavesNoPin() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            closedInTheMiddle(open(), (store, thread) -> turn -> {
                try (Snapshot snapshot = store.snapshot()) {
                    assertThat(snapshot.sequence()).isNotNegative();
                }
            });
        }
        try (Store again = open()) {
            assertThat(pins(again.file())).isZero();
        }
    }

    private static int pins(Path file) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = connection.createStatement();
                ResultSet count = statement.executeQuery("SELECT count(*) FROM snapshots")) {
            return count.getInt(1);
        }
    }

    @Test
    void asyncWritesUnderWay_areCommittedOrRefused() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            Store store = open();
            Agent agent = store.agent("writer");
            Key<String> key = Key.text("async/" + round);
            List<CompletableFuture<WriteResult<String>>> pending = IntStream.range(0, 200)
                    .mapToObj(i -> agent.async().put(key, "" + i).toCompletableFuture())
                    .toList();
            store.close();
            int committed = 0;
            for (CompletableFuture<WriteResult<String>> each : pending) {
                try {
                    each.join().orThrow();
                    committed++;
                } catch (CompletionException e) {
                    assertThat(e).hasCauseInstanceOf(StoreClosedException.class);
                }
            }
            try (Store again = open()) {
                assertThat(again.history().of(key, 1_000)).hasSize(committed);
            }
        }
    }

    private static void claimAndRelease(Agent agent, Key<String> key) {
        Claim claim = agent.claim(key, Lease.of(Duration.ofMinutes(1)), Duration.ofMinutes(1))
                .orThrow();
        try {
            claim.put(key, "mine");
            claim.release();
        } catch (FencedException e) {
            // Closing releases claims first, so a holder can find its claim ended before it finds the store closed.
            assertThat(e.lost()).isNotEmpty();
        }
    }

    @Test
    void close_ofOneStore_leavesOthersOfTheFileOpen() throws Exception {
        Store stays = open();
        Agent agent = stays.agent("stays");
        for (int round = 0; round < ROUNDS; round++) {
            closedInTheMiddle(
                    open(),
                    (store, thread) ->
                            turn -> store.agent("goes").put(Key.text("g"), "x").orThrow());
            agent.put(Key.text("s"), "" + round).orThrow();
            assertThat(stays.get(Key.text("s")).orElseThrow().value()).isEqualTo("" + round);
        }
        assertThat(stays.check().findings()).isEmpty();
    }
}
