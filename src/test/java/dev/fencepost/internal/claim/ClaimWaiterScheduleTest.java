package dev.fencepost.internal.claim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.fencepost.WaitInterruptedException;
import dev.fencepost.internal.claim.ClaimAttempt.Outcome;
import dev.fencepost.internal.read.CommitNotifier;
import dev.fencepost.internal.util.Deadline;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The schedule of a queued request: its checks, its attempts and its notices. */
class ClaimWaiterScheduleTest extends ClaimFixture {
    private static final Duration LEASE = Duration.ofSeconds(5);

    private ClaimWaiter waiter(Outcome.Queued queued) {
        return waiter(queued, notifier);
    }

    private ClaimWaiter waiter(Outcome.Queued queued, CommitNotifier notifier) {
        return waiter(spec(3, LONG, List.of(PLAN)), queued, notifier);
    }

    /** Checks once, before the first full check is due. Repeats the check if this thread was delayed. */
    private boolean soonIsTimeToTry(Outcome.Queued queued) {
        while (true) {
            Deadline untilFullCheck = Deadline.after(PollSchedule.MIN_LIVENESS_INTERVAL);
            boolean time = waiter(queued).isTimeToTry(false);
            if (!untilFullCheck.over()) {
                return time;
            }
        }
    }

    /** Returns when nothing ahead has changed for so long that the waiter listens for notices. */
    private static void awaitQuiet(ClaimWaiter waiter) {
        while (waiter.schedule().sinceChange().compareTo(ClaimWaiter.QUIET) < 0) {
            Thread.onSpinWait();
        }
    }

    /** Returns whether a notice has arrived already. */
    private static boolean isCalled(ClaimWaiter waiter) {
        return waiter.pause(Deadline.after(Duration.ZERO));
    }

    @Test
    void quickCheck_seesReleases_butNotExpiredLeases() {
        DefaultClaim held = held(LEASE, PLAN);
        Outcome.Queued queued = waits(1, PLAN);
        assertThat(soonIsTimeToTry(queued)).isFalse();
        clock.advance(LEASE);
        assertThat(soonIsTimeToTry(queued)).isFalse();
        endedElsewhere(held);
        assertThat(soonIsTimeToTry(queued)).isTrue();
    }

    @Test
    void lastCheck_isFull_andNamesTheBlockers() {
        held(LEASE, PLAN);
        Outcome.Queued before = waits(1, PLAN);
        Outcome.Queued queued = waits(2, PLAN);
        ClaimWaiter waiter = waiter(queued);
        assertThat(waiter.isTimeToTry(true)).isFalse();
        assertThat(waiter.queued().ticket()).isEqualTo(queued.ticket());
        assertThat(waiter.queued().busy().heldBy()).hasSize(1);
        assertThat(waiter.queued().busy().queuedAhead()).isEqualTo(1);
        leaves(before);
        clock.advance(LEASE);
        for (int i = 0; i < 10; i++) {
            assertThat(waiter(queued).isTimeToTry(true)).isTrue();
        }
    }

    @Test
    void fullCheck_becomesDueWithTime() {
        held(LEASE, PLAN);
        ClaimWaiter waiter = waiter(waits(1, PLAN));
        clock.advance(LEASE);
        while (!waiter.isTimeToTry(false)) {
            Thread.onSpinWait();
        }
    }

    @Test
    void nearTheFront_expiredLease_isNoticedAtOnce() {
        DefaultClaim held = held(LEASE, PLAN);
        Outcome.Queued queued = waits(1, PLAN);
        for (int i = 0; i < 10; i++) {
            ClaimWaiter waiter = waiter(queued);
            assertThat(waiter.isTimeToTry(true)).isFalse();
            clock.advance(LEASE);
            assertThat(waiter.isTimeToTry(false)).isTrue();
            held.renew();
        }
    }

    @Test
    void farBehind_expiredLease_isLeftToWaitersAhead() {
        DefaultClaim held = held(LEASE, PLAN);
        while (true) {
            held.renew();
            Outcome.Queued first = waits(1, PLAN);
            Outcome.Queued second = waits(2, PLAN);
            ClaimWaiter waiter = waiter(waits(3, PLAN));
            Deadline untilNextFullCheck = Deadline.after(PollSchedule.MIN_LIVENESS_INTERVAL.multipliedBy(3));
            assertThat(waiter.isTimeToTry(true)).isFalse();
            leaves(first);
            leaves(second);
            clock.advance(LEASE);
            boolean time = waiter.isTimeToTry(false);
            leaves(waiter.queued());
            // Otherwise this thread was delayed, and a full check may have been due.
            if (!untilNextFullCheck.over()) {
                assertThat(time).isFalse();
                return;
            }
        }
    }

    @Test
    void clockPutBack_triggersAnAttempt() {
        held(LEASE, PLAN);
        Outcome.Queued queued = waits(1, PLAN);
        assertThat(waiter(queued).isTimeToTry(true)).isFalse();
        clock.advance(Duration.ofMillis(-1));
        assertThat(waiter(queued).isTimeToTry(true)).isTrue();
    }

    @Test
    void progress_isCounted_fromTheLastQueuePosition() {
        DefaultClaim held = held(LEASE, PLAN);
        Outcome.Queued first = waits(1, PLAN);
        Outcome.Queued second = waits(2, PLAN);
        ClaimWaiter waiter = waiter(waits(3, PLAN));
        assertThat(waiter.isTimeToTry(false)).isFalse();
        assertWay(waiter, 2, 2);
        leaves(first);
        assertThat(waiter.isTimeToTry(false)).isFalse();
        assertWay(waiter, 1, 2);
        endedElsewhere(held);
        assertThat(waiter.isTimeToTry(false)).isFalse();
        assertWay(waiter, 1, 2);
        leaves(waiter.queued());
        waits(4, PLAN);
        waits(5, PLAN);
        waiter.attempt();
        assertThat(waiter.isTimeToTry(false)).isFalse();
        assertWay(waiter, 3, 3);
        leaves(second);
        assertThat(waiter.isTimeToTry(false)).isFalse();
        assertWay(waiter, 2, 3);
    }

    private static void assertWay(ClaimWaiter waiter, long ahead, long first) {
        assertThat(waiter.schedule().ahead()).isEqualTo(ahead);
        assertThat(waiter.schedule().first()).isEqualTo(first);
    }

    @Test
    void nearTheFront_turnArrives_isNotified_untilClosed() {
        DefaultClaim held = held(LEASE, PLAN);
        ClaimWaiter waiter = waiter(waits(1, PLAN));
        awaitQuiet(waiter);
        // Begins to listen, and checks once more before it waits.
        assertThat(isCalled(waiter)).isFalse();
        notifier.notifyKeys(List.of(PLAN));
        assertThat(isCalled(waiter)).isFalse();
        endedElsewhere(held);
        notifier.notifyKeys(List.of(PLAN));
        assertThat(isCalled(waiter)).isTrue();
        assertThat(isCalled(waiter)).isFalse();
        waiter.stopListening();
        notifier.notifyKeys(List.of(PLAN));
        assertThat(isCalled(waiter)).isFalse();
    }

    @Test
    void nearTheFront_withoutNotices_stillPolls() {
        DefaultClaim held = held(LEASE, PLAN);
        for (int i = 0; i < 10; i++) {
            ClaimWaiter waiter = waiter(waits(1, PLAN));
            awaitQuiet(waiter);
            assertThat(isCalled(waiter)).isFalse();
            assertThat(waiter.isTimeToTry(false)).isFalse();
            endedElsewhere(held);
            assertThat(waiter.isTimeToTry(false)).isTrue();
            leaves(waiter.queued());
            waiter.stopListening();
            held = held(LEASE, PLAN);
        }
    }

    @Test
    void notifiedWaiter_skipsPolling_untilFullCheckIsDue() {
        try (CommitNotifier hearing = new CommitNotifier(engine::signal)) {
            boolean measured = false;
            while (!measured) {
                DefaultClaim held = held(LEASE, PLAN);
                ClaimWaiter waiter = waiter(waits(1, PLAN), hearing);
                awaitQuiet(waiter);
                assertThat(isCalled(waiter)).isFalse();
                Deadline untilFullCheck = Deadline.after(PollSchedule.MIN_LIVENESS_INTERVAL);
                // This check is due because the waiter began to listen.
                assertThat(waiter.isTimeToTry(false)).isFalse();
                endedElsewhere(held);
                boolean time = waiter.isTimeToTry(false);
                measured = !untilFullCheck.over();
                assumeTrue(hears(hearing), "nothing tells of commits here");
                assertThat(time && measured).isFalse();
                assertThat(waiter.isTimeToTry(true)).isTrue();
                leaves(waiter.queued());
                waiter.stopListening();
            }
        }
    }

    private static boolean hears(CommitNotifier notifier) {
        try (CommitNotifier.Listener listener = notifier.listen(List.of(), () -> false)) {
            return listener.hears();
        }
    }

    @Test
    void farBehind_isNotNotified() {
        DefaultClaim held = held(LEASE, PLAN);
        Outcome.Queued first = waits(1, PLAN);
        Outcome.Queued second = waits(2, PLAN);
        ClaimWaiter waiter = waiter(waits(3, PLAN));
        assertThat(waiter.isTimeToTry(false)).isFalse();
        awaitQuiet(waiter);
        assertThat(isCalled(waiter)).isFalse();
        leaves(first);
        leaves(second);
        endedElsewhere(held);
        assertThat(isCalled(waiter)).isFalse();
    }

    @Test
    void interruptedWaiter_stopsWaiting() {
        held(LEASE, PLAN);
        waits(1, PLAN);
        waits(2, PLAN);
        ClaimWaiter waiter = waiter(waits(3, PLAN));
        assertThat(waiter.isTimeToTry(false)).isFalse();
        Thread.currentThread().interrupt();
        try {
            assertThatThrownBy(() -> waiter.pause(Deadline.after(LONG)))
                    .isInstanceOf(WaitInterruptedException.class)
                    .hasMessageContaining(PLAN);
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
    }
}
