package dev.fencepost.laws;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fencepost.Agent;
import dev.fencepost.Claim;
import dev.fencepost.ClaimEnd;
import dev.fencepost.ClaimInfo;
import dev.fencepost.ClaimResult;
import dev.fencepost.Claimed;
import dev.fencepost.CommitId;
import dev.fencepost.CommitOutcome;
import dev.fencepost.FencedException;
import dev.fencepost.Key;
import dev.fencepost.Lease;
import dev.fencepost.Store;
import dev.fencepost.testing.SettableClock;
import dev.fencepost.testing.WorkerProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;

/**
 * Claims without preemption: a live claim is never taken silently, waiters are served in order, and deadlocks are
 * reported.
 */
class NoPreemptionTest extends LawTest {
    private static final Key<String> KEY = Key.text("k");
    private static final String HOUR = "3600000";
    private static final String MINUTE = "60000";
    private static final Lease LONG = Lease.of(Duration.ofHours(1));

    @Test
    void killedHolder_losesItsClaimWithoutWait() {
        WorkerProcess holder = worker();
        assertThat(holder.ask("claim", "c", "k", HOUR, "0")).isEqualTo("granted 1");
        Store store = open();
        Agent heir = store.agent("heir");
        assertThat(heir.claim(KEY, LONG)).isInstanceOf(ClaimResult.Busy.class);
        assertThat(heir.tryPut(KEY, "x")).isInstanceOf(Claimed.class);
        holder.kill();
        // Without waiting: the system knows that the process has exited, so no time must pass.
        Claim claim = heir.claim(KEY, LONG).orThrow();
        assertThat(claim.epoch(KEY)).isEqualTo(3);
    }

    @Test
    void killedHolder_blocksNoUnfencedWrite() {
        WorkerProcess holder = worker();
        holder.ask("claim", "c", "k", HOUR, "0");
        Store store = open();
        holder.kill();
        assertThat(store.agent("heir").tryPut(KEY, "x").isCommitted()).isTrue();
        assertThat(store.claims()).isEmpty();
    }

    @Test
    void claimWithoutHeartbeats_survivesItsStore() {
        Store first = open();
        Claim claim = first.agent("a")
                .claim(KEY, Lease.withoutHeartbeats(Duration.ofHours(1)))
                .orThrow();
        first.close();
        Store second = open();
        assertThat(second.agent("b").claim(KEY, LONG)).isInstanceOf(ClaimResult.Busy.class);
        Claim resumed = second.agent("a").resume(claim.token());
        assertThat(resumed.put(KEY, "mine").version()).isEqualTo(1);
    }

    @Test
    void killedWaiter_doesNotBlockTheQueue() {
        // Heartbeats are so slow that silence proves nothing for half an hour. Only the exit of the process counts.
        String slow = "heartbeat=600000";
        Store store = open(config().withHeartbeat(Duration.ofMinutes(10)));
        Claim claim = store.agent("holder").claim(KEY, LONG).orThrow();
        WorkerProcess first = worker(slow);
        WorkerProcess second = worker(slow);
        first.tell("claim", "c", "k", HOUR, HOUR);
        awaitWaiters(store, KEY, 1);
        second.tell("claim", "c", "k", HOUR, MINUTE);
        awaitWaiters(store, KEY, 2);
        first.kill();
        claim.release();
        assertThat(second.answer()).startsWith("granted");
    }

    @Test
    void waitersOfSeveralProcesses_areServedInOrder() {
        Store store = open();
        List<WorkerProcess> workers = workers(4);
        List<Integer> order = List.of(2, 0, 3, 1);
        Claim claim = store.agent("holder").claim(KEY, LONG).orThrow();
        int waiting = 0;
        for (int next : order) {
            workers.get(next).tell("claim", "c", "k", MINUTE, MINUTE);
            awaitWaiters(store, KEY, ++waiting);
        }
        claim.release();
        List<String> granted = new ArrayList<>();
        for (int next : order) {
            // The release grants the claim to the next waiter, and to no other.
            granted.add(workers.get(next).answer());
            assertThat(store.claims())
                    .extracting(held -> held.holder().pid())
                    .containsExactly(workers.get(next).pid());
            assertThat(workers.get(next).ask("release", "c")).isEqualTo("released");
        }
        assertThat(granted).containsExactly("granted 2", "granted 3", "granted 4", "granted 5");
    }

    @Test
    void latecomer_doesNotOvertakeWaiters() {
        Store store = open();
        Claim claim = store.agent("holder").claim(KEY, LONG).orThrow();
        WorkerProcess first = worker("heartbeat=1000");
        first.tell("claim", "c", "k", MINUTE, MINUTE);
        awaitWaiters(store, KEY, 1);
        // The waiter is stopped, so it cannot be quick. The claim is handed over to it, not to the latecomer.
        stop(first);
        claim.release();
        assertThat(store.agent("late").claim(KEY, LONG)).isInstanceOfSatisfying(ClaimResult.Busy.class, busy -> {
            assertThat(busy.heldBy()).singleElement().satisfies(held -> {
                assertThat(held.holder().agent()).isEqualTo("worker");
                assertThat(held.epoch()).isEqualTo(2);
            });
            assertThat(busy.queuedAhead()).isZero();
        });
        first.wake();
        assertThat(first.answer()).isEqualTo("granted 2");
    }

    @Test
    void stoppedWaiter_blocksTheQueueOnlyUntilItMissesHeartbeats() {
        Store store = open(config().withHeartbeat(Duration.ofMillis(50)));
        Claim claim = store.agent("holder").claim(KEY, LONG).orThrow();
        WorkerProcess first = worker("heartbeat=50");
        first.tell("claim", "c", "k", MINUTE, MINUTE);
        awaitWaiters(store, KEY, 1);
        stop(first);
        claim.release();
        Claim next =
                store.agent("late").claim(KEY, LONG, Duration.ofSeconds(60)).orThrow();
        // The stopped waiter was skipped, or was granted epoch 2 and lost it.
        assertThat(next.epoch(KEY)).isIn(2L, 4L);
        first.wake();
        next.release();
        assertThat(first.answer()).isEqualTo("granted " + (next.epoch(KEY) + 1));
        assertThat(first.ask("renew", "c")).isEqualTo("renewed");
    }

    @Test
    void deadlockOfTwoProcesses_isReportedToExactlyOne() {
        List<WorkerProcess> workers = workers(2);
        for (int round = 0; round < 20; round++) {
            String a = "a" + round;
            String b = "b" + round;
            assertThat(workers.get(0).ask("claim", "own", a, HOUR, "0")).startsWith("granted");
            assertThat(workers.get(1).ask("claim", "own", b, HOUR, "0")).startsWith("granted");
            workers.get(0).tell("claim", "wanted", b, HOUR, MINUTE);
            workers.get(1).tell("claim", "wanted", a, HOUR, MINUTE);
            // The process that learns of the deadlock releases its claim, so that the other can go on.
            int told = firstToldOfDeadlock(workers, round);
            assertThat(workers.get(1 - told).answer()).startsWith("granted");
            assertThat(workers.get(1 - told).ask("release", "own")).isEqualTo("released");
            assertThat(workers.get(1 - told).ask("release", "wanted")).isEqualTo("released");
        }
    }

    /**
     * Returns the process that learns of the deadlock first. Either may be first, but the other must wait for its
     * release.
     */
    private static int firstToldOfDeadlock(List<WorkerProcess> workers, int round) {
        while (true) {
            for (int i = 0; i < workers.size(); i++) {
                if (workers.get(i).hasAnswered()) {
                    assertThat(workers.get(i).answer()).as("round " + round).isEqualTo("deadlock 2");
                    assertThat(workers.get(i).ask("release", "own")).isEqualTo("released");
                    return i;
                }
            }
            Thread.onSpinWait();
        }
    }

    /** A stopped process does not count as a waiter, so the first check finds no cycle. */
    @Test
    void deadlock_afterStoppedWaiterWakes_isReportedToExactlyOne() {
        Store store = open(config().withHeartbeat(Duration.ofMillis(50)));
        List<WorkerProcess> workers = workers(2, "heartbeat=50");
        assertThat(workers.get(0).ask("claim", "own", "a", HOUR, "0")).startsWith("granted");
        assertThat(workers.get(1).ask("claim", "own", "b", HOUR, "0")).startsWith("granted");
        workers.get(0).tell("claim", "wanted", "b", HOUR, MINUTE);
        awaitWaiters(store, Key.text("b"), 1);
        stop(workers.get(0));
        while (waiters(store, Key.text("b")) > 0) {
            Thread.onSpinWait();
        }
        workers.get(1).tell("claim", "wanted", "a", HOUR, MINUTE);
        awaitWaiters(store, Key.text("a"), 1);
        workers.get(0).wake();
        int told = firstToldOfDeadlock(workers, 0);
        assertThat(workers.get(1 - told).answer()).startsWith("granted");
    }

    /** The system knows which processes live. If it gives no answer, that does not mean that the process is dead. */
    @Test
    void processWithoutDescriptors_assumesNoHolderDead() {
        WorkerProcess holder = worker();
        WorkerProcess hungry =
                startWorker("sh", "-c", "ulimit -n 256; exec \"$@\"", "sh").awaitReady();
        assertThat(hungry.ask("open")).isEqualTo("opened");
        assertThat(holder.ask("claim", "c", "k", HOUR, "0")).isEqualTo("granted 1");
        assertThat(hungry.ask("claim", "c", "k", HOUR, "0")).isEqualTo("busy 0");
        assertThat(hungry.ask("put", "k", "x")).isEqualTo("claimed 1");
        // Loads the classes that a takeover needs, since no class file can be opened later.
        assertThat(hungry.ask("claim", "own", "own", HOUR, "0")).isEqualTo("granted 1");
        assertThat(hungry.ask("claim-put", "own", "own", "x")).isEqualTo("committed 1");
        assertThat(hungry.ask("release", "own")).isEqualTo("released");
        assertThat(hungry.ask("starve")).isEqualTo("starved");
        assertThat(hungry.ask("put", "k", "x")).isEqualTo("claimed 1");
        assertThat(hungry.ask("claim", "c", "k", HOUR, "0")).isEqualTo("busy 0");
        assertThat(holder.ask("claim-put", "c", "k", "mine")).isEqualTo("committed 1");
    }

    @Test
    void heartbeats_extendALiveClaim_farPastItsLease() {
        WorkerProcess holder = worker("heartbeat=30");
        Store store = open(config().withHeartbeat(Duration.ofMillis(30)));
        Agent other = store.agent("other");
        assertThat(holder.ask("claim", "c", "k", "2000", "0")).isEqualTo("granted 1");
        ClaimInfo granted = store.claims().get(0);
        // Others are refused until the heartbeats have extended the claim by two more leases.
        while (store.claims().get(0).expiresAt().isBefore(granted.expiresAt().plusMillis(2 * 2_000))) {
            assertThat(other.claim(KEY, LONG)).isInstanceOf(ClaimResult.Busy.class);
            assertThat(other.tryPut(KEY, "x")).isInstanceOf(Claimed.class);
            assertThat(store.claims())
                    .singleElement()
                    .satisfies(held -> assertThat(held.epoch()).isEqualTo(1));
        }
        assertThat(holder.ask("claim-put", "c", "k", "mine")).isEqualTo("committed 1");
    }

    @Test
    void maxHold_endsClaimWithHeartbeats() {
        SettableClock clock = new SettableClock();
        Store store = open(config().withClock(clock));
        Lease lease = Lease.of(Duration.ofMinutes(1)).maxHold(Duration.ofMinutes(10));
        Claim hung = store.agent("hung").claim(KEY, lease).orThrow();
        Agent heir = store.agent("heir");
        clock.advance(Duration.ofMinutes(9).plusSeconds(30));
        // A query for an outcome is a sign of life like a heartbeat, and happens exactly here.
        assertThat(store.outcome(new CommitId(store.id(), 1, 1, 1_000))).isEqualTo(CommitOutcome.NOT_APPLIED);
        assertThat(heir.claim(KEY, LONG)).isInstanceOf(ClaimResult.Busy.class);
        clock.advance(Duration.ofSeconds(30));
        assertThat(heir.claim(KEY, LONG)).isInstanceOf(ClaimResult.Granted.class);
        Assertions.assertThatThrownBy(() -> hung.put(KEY, "late"))
                .isInstanceOfSatisfying(
                        FencedException.class,
                        e -> assertThat(e.lost().get(0).ending()).isEqualTo(ClaimEnd.HELD_TOO_LONG));
    }
}
