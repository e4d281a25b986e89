package dev.fencepost.internal.claim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.fencepost.WaitInterruptedException;
import dev.fencepost.internal.claim.ClaimAttempt.Outcome;
import dev.fencepost.internal.read.CommitNotifier;
import dev.fencepost.internal.sqlite.WatchServiceFactory;
import dev.fencepost.internal.util.Deadline;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The schedule of a queued request: its checks, its attempts and its notices. */
class ClaimWaiterScheduleTest extends ClaimFixture {
    private static final Duration LEASE = Duration.ofSeconds(5);
    private static final Duration LONG_ENOUGH_TO_LISTEN = Duration.ofMillis(3);

    private Lookout lookout(Outcome.Queued queued) {
        return lookout(queued, notifier);
    }

    private Lookout lookout(Outcome.Queued queued, CommitNotifier notifier) {
        return new Lookout(List.of(PLAN), queued, liveness, reads, notifier, clock);
    }

    /** Checks once, before the first full check is due. Repeats the check if this thread was delayed. */
    private boolean soonIsTimeToTry(Outcome.Queued queued) {
        while (true) {
            Deadline untilThoroughLook = Deadline.after(PollSchedule.LEAST_VIGIL);
            boolean time = lookout(queued).isTimeToTry(false);
            if (!untilThoroughLook.over()) {
                return time;
            }
        }
    }

    /** Returns when nothing ahead has changed for so long that the waiter listens for notices. */
    private static void awaitQuiet(Lookout lookout) {
        while (lookout.pace().sinceChange().compareTo(LONG_ENOUGH_TO_LISTEN) < 0) {
            Thread.onSpinWait();
        }
    }

    /** Returns whether a notice has arrived already. */
    private static boolean isCalled(Lookout lookout) {
        return lookout.pauseUntilNextLook(Deadline.after(Duration.ZERO));
    }

    @Test
    void quickCheck_seesReleases_butNotExpiredLeases() {
        DefaultClaim held = held(LEASE, PLAN);
        Outcome.Queued queued = waits(1, PLAN);
        assertThat(soonIsTimeToTry(queued)).isFalse();
        clock.advance(LEASE);
        assertThat(soonIsTimeToTry(queued)).isFalse();
        held.release();
        assertThat(soonIsTimeToTry(queued)).isTrue();
    }

    @Test
    void lastCheck_isFull_andNamesTheBlockers() {
        held(LEASE, PLAN);
        Outcome.Queued before = waits(1, PLAN);
        Outcome.Queued queued = waits(2, PLAN);
        Lookout lookout = lookout(queued);
        assertThat(lookout.isTimeToTry(true)).isFalse();
        assertThat(lookout.queued().ticket()).isEqualTo(queued.ticket());
        assertThat(lookout.queued().busy().heldBy()).hasSize(1);
        assertThat(lookout.queued().busy().queuedAhead()).isEqualTo(1);
        leaves(before);
        clock.advance(LEASE);
        for (int i = 0; i < 10; i++) {
            assertThat(lookout(queued).isTimeToTry(true)).isTrue();
        }
    }

    @Test
    void fullCheck_becomesDueWithTime() {
        held(LEASE, PLAN);
        Lookout lookout = lookout(waits(1, PLAN));
        clock.advance(LEASE);
        while (!lookout.isTimeToTry(false)) {
            Thread.onSpinWait();
        }
    }

    @Test
    void nearTheFront_expiredLease_isNoticedAtOnce() {
        DefaultClaim held = held(LEASE, PLAN);
        Outcome.Queued queued = waits(1, PLAN);
        for (int i = 0; i < 10; i++) {
            Lookout lookout = lookout(queued);
            assertThat(lookout.isTimeToTry(true)).isFalse();
            clock.advance(LEASE);
            assertThat(lookout.isTimeToTry(false)).isTrue();
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
            Lookout lookout = lookout(waits(3, PLAN));
            Deadline untilNextThoroughLook = Deadline.after(PollSchedule.LEAST_VIGIL.multipliedBy(3));
            assertThat(lookout.isTimeToTry(true)).isFalse();
            leaves(first);
            leaves(second);
            clock.advance(LEASE);
            boolean time = lookout.isTimeToTry(false);
            leaves(lookout.queued());
            // Otherwise this thread was delayed, and a full check may have been due.
            if (!untilNextThoroughLook.over()) {
                assertThat(time).isFalse();
                return;
            }
        }
    }

    @Test
    void clockPutBack_triggersAnAttempt() {
        held(LEASE, PLAN);
        Outcome.Queued queued = waits(1, PLAN);
        assertThat(lookout(queued).isTimeToTry(true)).isFalse();
        clock.advance(Duration.ofMillis(-1));
        assertThat(lookout(queued).isTimeToTry(true)).isTrue();
    }

    @Test
    void progress_isCounted_fromTheLastQueuePosition() {
        DefaultClaim held = held(LEASE, PLAN);
        Outcome.Queued first = waits(1, PLAN);
        Outcome.Queued second = waits(2, PLAN);
        Lookout lookout = lookout(waits(3, PLAN));
        assertThat(lookout.isTimeToTry(false)).isFalse();
        assertWay(lookout, 2, 2);
        leaves(first);
        assertThat(lookout.isTimeToTry(false)).isFalse();
        assertWay(lookout, 1, 2);
        held.release();
        assertThat(lookout.isTimeToTry(false)).isFalse();
        assertWay(lookout, 1, 2);
        leaves(lookout.queued());
        waits(4, PLAN);
        waits(5, PLAN);
        lookout.queued(waits(3, PLAN));
        assertThat(lookout.isTimeToTry(false)).isFalse();
        assertWay(lookout, 3, 3);
        leaves(second);
        assertThat(lookout.isTimeToTry(false)).isFalse();
        assertWay(lookout, 2, 3);
    }

    private static void assertWay(Lookout lookout, long ahead, long first) {
        assertThat(lookout.pace().ahead()).isEqualTo(ahead);
        assertThat(lookout.pace().first()).isEqualTo(first);
    }

    @Test
    void nearTheFront_turnArrives_isNotified_untilClosed() {
        DefaultClaim held = held(LEASE, PLAN);
        Lookout lookout = lookout(waits(1, PLAN));
        awaitQuiet(lookout);
        // Begins to listen, and checks once more before it waits.
        assertThat(isCalled(lookout)).isFalse();
        notifier.notifyKeys(List.of(PLAN));
        assertThat(isCalled(lookout)).isFalse();
        held.release();
        assertThat(isCalled(lookout)).isTrue();
        assertThat(isCalled(lookout)).isFalse();
        lookout.close();
        notifier.notifyKeys(List.of(PLAN));
        assertThat(isCalled(lookout)).isFalse();
    }

    @Test
    void nearTheFront_withoutNotices_stillPolls() {
        DefaultClaim held = held(LEASE, PLAN);
        for (int i = 0; i < 10; i++) {
            Lookout lookout = lookout(waits(1, PLAN));
            awaitQuiet(lookout);
            assertThat(isCalled(lookout)).isFalse();
            assertThat(lookout.isTimeToTry(false)).isFalse();
            held.release();
            assertThat(lookout.isTimeToTry(false)).isTrue();
            leaves(lookout.queued());
            lookout.close();
            held = held(LEASE, PLAN);
        }
    }

    @Test
    void notifiedWaiter_skipsPolling_untilFullCheckIsDue() {
        try (CommitNotifier hearing = notifier(WatchServiceFactory.of(folder.getFileSystem()))) {
            boolean measured = false;
            while (!measured) {
                DefaultClaim held = held(LEASE, PLAN);
                Lookout lookout = lookout(waits(1, PLAN), hearing);
                awaitQuiet(lookout);
                assertThat(isCalled(lookout)).isFalse();
                Deadline untilThoroughLook = Deadline.after(PollSchedule.LEAST_VIGIL);
                // This check is due because the waiter began to listen.
                assertThat(lookout.isTimeToTry(false)).isFalse();
                held.release();
                boolean time = lookout.isTimeToTry(false);
                measured = !untilThoroughLook.over();
                assumeTrue(hears(hearing), "nothing tells of commits here");
                assertThat(time && measured).isFalse();
                assertThat(lookout.isTimeToTry(true)).isTrue();
                leaves(lookout.queued());
                lookout.close();
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
        Lookout lookout = lookout(waits(3, PLAN));
        assertThat(lookout.isTimeToTry(false)).isFalse();
        awaitQuiet(lookout);
        assertThat(isCalled(lookout)).isFalse();
        leaves(first);
        leaves(second);
        held.release();
        assertThat(isCalled(lookout)).isFalse();
    }

    @Test
    void interruptedWaiter_stopsWaiting() {
        held(LEASE, PLAN);
        waits(1, PLAN);
        waits(2, PLAN);
        Lookout lookout = lookout(waits(3, PLAN));
        assertThat(lookout.isTimeToTry(false)).isFalse();
        Thread.currentThread().interrupt();
        try {
            assertThatThrownBy(() -> lookout.pauseUntilNextLook(Deadline.after(LONG)))
                    .isInstanceOf(WaitInterruptedException.class)
                    .hasMessageContaining(PLAN);
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
    }
}
