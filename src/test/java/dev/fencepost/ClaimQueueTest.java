package dev.fencepost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fencepost.testing.SettableClock;
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
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The queue of claim requests: order, expired requests and deadlock detection. */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ClaimQueueTest {
    private static final Key<String> PLAN = Key.text("plans/launch");
    private static final Duration BEAT = Duration.ofMinutes(1);
    private static final Duration LONG = Duration.ofMinutes(30);
    private static final Lease LEASE = Lease.of(Duration.ofHours(1));

    @TempDir
    Path folder;

    private final SettableClock clock = new SettableClock();
    private final List<ExecutorService> threads = new ArrayList<>();
    private Store store;
    /** A second store that acts like another process: it sends its own heartbeats. */
    private Store elsewhere;

    private Agent planner;

    @BeforeEach
    void open() {
        store = Store.open(config());
        elsewhere = Store.open(config());
        planner = store.agent("planner");
    }

    @AfterEach
    void close() {
        threads.forEach(ExecutorService::shutdownNow);
        assertThat(store.check().findings()).isEmpty();
        elsewhere.close();
        store.close();
    }

    private StoreConfig config() {
        return StoreConfig.of(folder.resolve("a.db")).withClock(clock).withHeartbeat(BEAT);
    }

    /** Pauses briefly, so that other threads get the processor and the write lock. */
    private static void pause() {
        LockSupport.parkNanos(1_000_000);
    }

    /** Returns a new thread, which can hold claims and wait for others. */
    private ExecutorService thread() {
        ExecutorService thread = Executors.newSingleThreadExecutor();
        threads.add(thread);
        return thread;
    }

    private Claim held(ExecutorService by, String key) throws Exception {
        return by.submit(() -> planner.claim(Key.text(key), LEASE).orThrow()).get();
    }

    private Future<ClaimResult> waits(ExecutorService by, Agent agent, Duration patience, String... keys) {
        List<Key<String>> wanted = List.of(keys).stream().map(Key::text).toList();
        return by.submit(() -> agent.claim(wanted, LEASE, patience));
    }

    private Future<ClaimResult> waits(Store where, Duration patience) {
        return waits(thread(), where.agent("waiter"), patience, PLAN.name());
    }

    private int ahead(String key) {
        return ((ClaimResult.Busy) store.agent("probe").claim(Key.text(key), LEASE)).queuedAhead();
    }

    private int ahead() {
        return ahead(PLAN.name());
    }

    private void awaitAhead(String key, int wanted) {
        while (ahead(key) != wanted) {
            pause();
        }
    }

    private int waiters() throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("a.db"));
                Statement statement = connection.createStatement();
                ResultSet count = statement.executeQuery("SELECT count(*) FROM claim_requests")) {
            return count.getInt(1);
        }
    }

    @Test
    void firstCome_firstServed() throws Exception {
        Claim held = planner.claim(PLAN, LEASE).orThrow();
        Future<ClaimResult> first = waits(store, LONG);
        awaitAhead(PLAN.name(), 1);
        Future<ClaimResult> second = waits(elsewhere, LONG);
        awaitAhead(PLAN.name(), 2);
        held.release();
        Claim next = first.get().orThrow();
        assertThat(next.epoch(PLAN)).isEqualTo(2);
        assertThat(ahead()).isEqualTo(1);
        next.release();
        assertThat(second.get().orThrow().epoch(PLAN)).isEqualTo(3);
        assertThat(waiters()).isZero();
    }

    @Test
    void timedOutWait_namesTheHolder_andLeavesTheQueue() throws Exception {
        planner.claim(PLAN, LEASE).orThrow();
        waits(elsewhere, LONG);
        awaitAhead(PLAN.name(), 1);
        ClaimResult.Busy busy =
                (ClaimResult.Busy) waits(store, Duration.ofMillis(20)).get();
        assertThat(busy.heldBy()).singleElement().satisfies(held -> {
            assertThat(held.key()).isEqualTo(PLAN.name());
            assertThat(held.epoch()).isEqualTo(1);
            assertThat(held.holder().agent()).isEqualTo("planner");
        });
        assertThat(busy.queuedAhead()).isEqualTo(1);
        assertThat(waiters()).isEqualTo(1);
    }

    @Test
    void waiter_silentForThreeHeartbeats_isSkipped_andQueuesAgain() throws Exception {
        Claim held = planner.claim(PLAN, LEASE).orThrow();
        Future<ClaimResult> silent = waits(elsewhere, LONG);
        awaitAhead(PLAN.name(), 1);
        clock.advance(BEAT.multipliedBy(3));
        assertThat(ahead()).isEqualTo(1);
        clock.advance(Duration.ofMillis(1));
        assertThat(ahead()).isZero();
        // The waiter notices that it has lost its place, and queues again.
        awaitAhead(PLAN.name(), 1);
        Future<ClaimResult> later = waits(store, LONG);
        awaitAhead(PLAN.name(), 2);
        held.release();
        silent.get().orThrow().release();
        assertThat(later.get()).isInstanceOf(ClaimResult.Granted.class);
    }

    @Test
    void expiredRequest_stillInTheQueue_isNotCounted() {
        planner.claim(PLAN, LEASE).orThrow();
        waits(elsewhere, Duration.ofMinutes(2));
        awaitAhead(PLAN.name(), 1);
        clock.advance(Duration.ofMinutes(2));
        assertThat(ahead()).isEqualTo(1);
        clock.advance(Duration.ofMillis(1));
        assertThat(ahead()).isZero();
    }

    @Test
    void expiredLease_withoutAnyCommit_isTakenOverByTheWaiter() throws Exception {
        Claim held = planner.claim(PLAN, Lease.withoutHeartbeats(Duration.ofSeconds(5)))
                .orThrow();
        Future<ClaimResult> waiting = waits(elsewhere, LONG);
        awaitAhead(PLAN.name(), 1);
        clock.advance(Duration.ofSeconds(5).minusMillis(1));
        assertThat(ahead()).isEqualTo(1);
        clock.advance(Duration.ofMillis(1));
        assertThat(waiting.get().orThrow().epoch(PLAN)).isGreaterThan(held.epoch(PLAN));
        assertThatThrownBy(held::renew).isInstanceOf(FencedException.class);
    }

    @Test
    void clockPutBack_extendsHolderByOneLeaseAtMost() throws Exception {
        planner.claim(PLAN, Lease.withoutHeartbeats(Duration.ofSeconds(5))).orThrow();
        Future<ClaimResult> waiting = waits(elsewhere, LONG);
        awaitAhead(PLAN.name(), 1);
        clock.advance(Duration.ofHours(-6));
        // The waiter's own check finds this, since no other process checks.
        Instant renewed = clock.instant().plusSeconds(5);
        while (!store.claims().get(0).expiresAt().equals(renewed)) {
            pause();
        }
        clock.advance(Duration.ofSeconds(5));
        assertThat(waiting.get()).isInstanceOf(ClaimResult.Granted.class);
    }

    @Test
    void clockPutBack_extendsWaiterByThreeHeartbeatsAtMost() {
        planner.claim(PLAN, LEASE).orThrow();
        waits(elsewhere, LONG);
        awaitAhead(PLAN.name(), 1);
        clock.advance(Duration.ofHours(-6));
        assertThat(ahead()).isEqualTo(1);
        clock.advance(BEAT.multipliedBy(3));
        assertThat(ahead()).isEqualTo(1);
        clock.advance(Duration.ofMillis(1));
        assertThat(ahead()).isZero();
    }

    @Test
    void request_leavingFails_isRemovedByTheNextHeartbeat() throws Exception {
        planner.claim(PLAN, LEASE).orThrow();
        try (Store beating = Store.open(
                config().withHeartbeat(Duration.ofMillis(20)).withWriteLockTimeout(Duration.ofMillis(100)))) {
            ExecutorService thread = thread();
            Future<ClaimResult> waiting = waits(thread, beating.agent("waiter"), Duration.ofMillis(300), PLAN.name());
            while (ahead() != 1 && !waiting.isDone()) {
                pause();
            }
            try (Connection prompt = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("a.db"));
                    Statement statement = prompt.createStatement()) {
                statement.execute("BEGIN IMMEDIATE");
                assertThat(waiting.get()).isInstanceOf(ClaimResult.Busy.class);
                statement.execute("ROLLBACK");
            }
            while (waiters() > 0) {
                pause();
            }
        }
    }

    @Test
    void closedStore_leavesNoRequestsInTheQueue() throws Exception {
        planner.claim(PLAN, LEASE).orThrow();
        Future<ClaimResult> waiting = waits(elsewhere, LONG);
        awaitAhead(PLAN.name(), 1);
        elsewhere.close();
        assertThatThrownBy(waiting::get)
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(StoreClosedException.class);
        assertThat(waiters()).isZero();
        assertThat(ahead()).isZero();
    }

    @Test
    void heartbeats_extendOnlyClaimsWithHeartbeats() throws Exception {
        try (Store beating = Store.open(
                config().withHeartbeat(Duration.ofMillis(20)).withWriteLockTimeout(Duration.ofMillis(100)))) {
            Agent agent = beating.agent("worker");
            Claim carried = agent.claim(PLAN, Lease.of(Duration.ofMillis(60))).orThrow();
            Claim alone = agent.claim(Key.text("alone"), Lease.withoutHeartbeats(Duration.ofMillis(60)))
                    .orThrow();
            Instant before = alone.expiresAt();
            clock.advance(Duration.ofMillis(50));
            while (!carried.expiresAt().equals(clock.instant().plusMillis(60))) {
                pause();
            }
            assertThat(alone.expiresAt()).isEqualTo(before);
        }
    }

    @Test
    void deadlockOfThree_reportsItsMembersOnly() throws Exception {
        ExecutorService one = thread();
        ExecutorService two = thread();
        ExecutorService aside = thread();
        held(one, "b");
        held(two, "c");
        held(aside, "a");
        held(thread(), "idle");
        planner.claim(Key.text("d"), LEASE).orThrow();
        waits(one, planner, LONG, "c");
        awaitAhead("c", 1);
        waits(two, planner, LONG, "d");
        awaitAhead("d", 1);
        // The holder of this key waits too, but for no member of the cycle.
        waits(aside, planner, LONG, "idle");
        awaitAhead("idle", 1);
        ClaimResult closing = planner.claim(List.of(Key.text("a"), Key.text("b")), LEASE, LONG);
        assertThat(((ClaimResult.Deadlock) closing).cycle())
                .extracting(ClaimResult.Waiter::keys)
                .containsExactly(List.of("a", "b"), List.of("c"), List.of("d"));
        assertThat(ahead("a")).isZero();
    }

    @Test
    void deadlock_throughQueuePosition_isDetected() throws Exception {
        held(thread(), "a");
        planner.claim(Key.text("b"), LEASE).orThrow();
        waits(thread(), planner, LONG, "a", "b");
        awaitAhead("a", 1);
        ClaimResult.Deadlock found = (ClaimResult.Deadlock) planner.claim(Key.text("a"), LEASE, LONG);
        assertThat(found.cycle()).extracting(ClaimResult.Waiter::keys).containsExactly(List.of("a"), List.of("a", "b"));
    }

    @Test
    void waiterWithoutClaims_neverDeadlocks() throws Exception {
        ExecutorService one = thread();
        held(one, "a");
        planner.claim(Key.text("b"), LEASE).orThrow();
        waits(one, planner, LONG, "b");
        awaitAhead("b", 1);
        Future<ClaimResult> free = waits(thread(), planner, LONG, "a");
        awaitAhead("a", 1);
        planner.revoke(Key.text("b"));
        planner.revoke(Key.text("a"));
        assertThat(free.get()).isInstanceOf(ClaimResult.Granted.class);
    }
}
