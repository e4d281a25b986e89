package dev.fencepost.internal.claim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fencepost.StoreClosedException;
import dev.fencepost.WriteLockTimeoutException;
import dev.fencepost.internal.claim.ClaimAttempt.Outcome;
import dev.fencepost.internal.read.CommitNotifier;
import dev.fencepost.internal.sql.ClaimTables;
import java.time.Duration;
import java.util.AbstractList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A waiting request, and the state after its wait. */
class ClaimWaiterTest extends ClaimFixture {
    private final AtomicInteger asked = new AtomicInteger();
    private final GrantSignal signal = new GrantSignal();
    private Heartbeat heartbeat;
    private volatile @Nullable Thread ringing;

    @BeforeEach
    void makeHeartbeat() {
        heartbeat = new Heartbeat(queue, BEAT);
    }

    /** The keys of the request. A notification reads them as long as the request listens. */
    private final class Keys extends AbstractList<String> {
        @Override
        public String get(int index) {
            if (Thread.currentThread() == ringing) {
                asked.incrementAndGet();
            }
            return List.of(PLAN).get(index);
        }

        @Override
        public int size() {
            return 1;
        }
    }

    private ClaimWaiter waiting(Outcome.Queued queued) {
        return new ClaimWaiter(
                spec(1, LONG, new Keys()),
                liveness,
                claims.grants,
                signal,
                true,
                queued,
                queue,
                reads,
                heartbeat,
                notifier,
                clock);
    }

    private static FutureTask<Outcome> await(ClaimWaiter waiting) {
        return new FutureTask<>(() -> waiting.await(LONG, () -> false));
    }

    private static FutureTask<Outcome> begin(FutureTask<Outcome> task) {
        Thread thread = new Thread(task);
        thread.setDaemon(true);
        thread.start();
        return task;
    }

    private boolean listens() {
        ringing = Thread.currentThread();
        int before = asked.get();
        notifier.notifyKeys(List.of(PLAN));
        return asked.get() > before;
    }

    @Test
    void waiter_untilGranted_sendsHeartbeats_andListens() throws Exception {
        DefaultClaim held = held(LONG, PLAN);
        Outcome.Queued queued = waits(1, PLAN);
        assertThat(beats(heartbeat)).isFalse();
        FutureTask<Outcome> answer = begin(await(waiting(queued)));
        while (!beats(heartbeat) || !listens()) {
            Thread.onSpinWait();
        }
        held.release();
        assertThat(answer.get()).isInstanceOf(Outcome.Granted.class);
        assertThat(isQueued(queued)).isFalse();
        assertThat(listens()).isFalse();
        // One more heartbeat shows that the holder lives. The other waiter would need more.
        waits(2, PLAN);
        assertThat(beats(heartbeat)).isTrue();
        assertThat(beats(heartbeat)).isFalse();
    }

    @Test
    void timedOutWaiter_leavesTheQueue_andNotifiesOthers() {
        held(LONG, PLAN);
        Outcome.Queued queued = waits(1, PLAN);
        AtomicInteger looks = new AtomicInteger();
        try (CommitNotifier.Listener other = notifier.listen(List.of(PLAN), () -> looks.incrementAndGet() > 0)) {
            assertThat(other.hears()).isFalse();
            Outcome answer = waiting(queued).await(Duration.ZERO, () -> false);
            assertThat(((Outcome.Queued) answer).busy().heldBy()).hasSize(1);
            assertThat(looks).hasValue(1);
        }
        assertThat(isQueued(queued)).isFalse();
    }

    @Test
    void grantedWaiter_notifiesNoOthers() {
        DefaultClaim held = held(LONG, PLAN);
        Outcome.Queued queued = waits(1, PLAN);
        held.release();
        AtomicInteger looks = new AtomicInteger();
        try (CommitNotifier.Listener other = notifier.listen(List.of(PLAN), () -> looks.incrementAndGet() > 0)) {
            assertThat(other.hears()).isFalse();
            assertThat(waiting(queued).await(Duration.ZERO, () -> false)).isInstanceOf(Outcome.Granted.class);
            assertThat(looks).hasValue(0);
        }
    }

    @Test
    void waiter_afterLosingItsPlace_queuesAgain() throws Exception {
        DefaultClaim held = held(LONG, PLAN);
        Outcome.Queued queued = waits(1, PLAN);
        FutureTask<Outcome> answer = begin(await(waiting(queued)));
        leaves(queued);
        while (waiters() == 0) {
            Thread.onSpinWait();
        }
        held.release();
        assertThat(answer.get()).isInstanceOf(Outcome.Granted.class);
        assertThat(waiters()).isZero();
    }

    /** A locked file does not end a wait that may last much longer, and the request keeps its place. */
    @Test
    void busyFile_doesNotEndTheWait() throws Exception {
        DefaultClaim held = held(LONG, PLAN);
        Outcome.Queued queued = waits(1, PLAN);
        endedElsewhere(held);
        FutureTask<Outcome> answer = await(waiting(queued));
        whileLocked(() -> {
            begin(answer);
            // Another task, which is queued later, fails twice.
            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(() -> queue.submit(scope -> 1)).isInstanceOf(WriteLockTimeoutException.class);
            }
            assertThat(answer.isDone()).isFalse();
        });
        assertThat(answer.get()).isInstanceOf(Outcome.Granted.class);
    }

    @Test
    void busyFile_isReportedOnceTheWaitIsOver() throws Exception {
        DefaultClaim held = held(LONG, PLAN);
        Outcome.Queued queued = waits(1, PLAN);
        endedElsewhere(held);
        whileLocked(() -> assertThatThrownBy(() -> waiting(queued).await(Duration.ZERO, () -> false))
                .isInstanceOf(WriteLockTimeoutException.class));
        assertThat(isQueued(queued)).isTrue();
        heartbeat.beat();
        assertThat(isQueued(queued)).isFalse();
    }

    private int waiters() {
        return reads.read(session -> {
            ClaimTables tables = new ClaimTables(session);
            return tables.waitersOf(queue.process().orElseThrow(), NOBODY + 1).size();
        });
    }

    @Test
    void closedStore_endsTheWait() throws Exception {
        held(LONG, PLAN);
        FutureTask<Outcome> answer = begin(await(waiting(waits(1, PLAN))));
        queue.close();
        reads.close();
        assertThatThrownBy(answer::get)
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(StoreClosedException.class);
    }
}
