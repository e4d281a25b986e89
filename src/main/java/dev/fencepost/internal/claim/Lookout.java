package dev.fencepost.internal.claim;

import dev.fencepost.internal.claim.ClaimAttempt.Outcome;
import dev.fencepost.internal.process.LivenessChecker;
import dev.fencepost.internal.process.LivenessTrigger;
import dev.fencepost.internal.read.CommitNotifier;
import dev.fencepost.internal.read.ReaderPool;
import dev.fencepost.internal.sql.ClaimTables;
import dev.fencepost.internal.sql.KeyRow;
import dev.fencepost.internal.sql.Session;
import dev.fencepost.internal.sql.VersionTables;
import dev.fencepost.internal.util.Deadline;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decides when a request in the queue checks for obstacles, by reading only, and when it tries for the claim. This
 * affects only how soon the claim is granted. An attempt that is too early finds the same obstacles, and writes
 * nothing.
 *
 * <p>A request near the front listens for commits, and is notified when it has no more obstacles. The others would be
 * woken for nothing, so they poll, and the further back they are, the less often. Most checks are one statement that
 * counts the obstacles. Checks whether these are alive are rarer.
 */
final class Lookout implements AutoCloseable {
    /**
     * The time after a change of the queue during which a waiter only polls. A notification for each commit would cost
     * more.
     */
    private static final Duration SOON = Duration.ofMillis(3);

    private final List<String> keys;
    private final LivenessChecker liveness;
    private final ReaderPool reads;
    private final CommitNotifier notifier;
    private final InstantSource clock;
    private volatile Outcome.Queued queued;
    private ClaimTables.Place place = new ClaimTables.Place(0, 1);
    private long first;
    private Deadline sinceQueued = Deadline.after(Duration.ZERO);
    private Deadline sinceChange = Deadline.after(Duration.ZERO);
    private Deadline untilThoroughLook = Deadline.after(PollSchedule.LEAST_VIGIL);
    private LivenessTrigger vigil = LivenessTrigger.NONE;
    private CommitNotifier.@Nullable Listener listener;

    Lookout(
            List<String> keys,
            Outcome.Queued queued,
            LivenessChecker liveness,
            ReaderPool reads,
            CommitNotifier notifier,
            InstantSource clock) {
        this.keys = keys;
        this.queued = queued;
        this.liveness = liveness;
        this.reads = reads;
        this.notifier = notifier;
        this.clock = clock;
    }

    /** Returns the state of the request, as far as it is known. */
    Outcome.Queued queued() {
        return queued;
    }

    /** Records the result of an attempt. */
    void queued(Outcome.Queued still) {
        queued = still;
    }

    /**
     * Returns whether to try for the claim. This is so if there is no obstacle, or if the request lost its place and
     * must be queued again.
     *
     * @param last whether this is the last check, whose result is returned to the caller
     */
    boolean isTimeToTry(boolean last) {
        boolean thorough =
                last || untilThoroughLook.over() || (pace().isNearTheFront() && vigil.isOver(clock.millis()));
        // The listener is notified when there is no more obstacle, so nothing has to be read meanwhile.
        if (!thorough && listener != null && listener.hears()) {
            return false;
        }
        return reads.read(session -> glance(session).isFirst() || (thorough && isFreeToTheLiving(session)));
    }

    private ClaimTables.Place glance(Session session) {
        ClaimTables.Place now = new ClaimTables(session).placeOf(queued.ticket());
        if (!now.equals(place)) {
            if (place.ahead() < now.ahead()) {
                // This is the first check, or the request lost its place and was queued again.
                first = now.ahead();
                sinceQueued = Deadline.after(Duration.ZERO);
            }
            place = now;
            // A queue that moves is likely to move again soon, so the wait before does not count.
            sinceChange = Deadline.after(Duration.ZERO);
        }
        return now;
    }

    /** Returns whether the remaining obstacles are all dead or expired. */
    private boolean isFreeToTheLiving(Session session) {
        VersionTables values = new VersionTables(session);
        List<KeyRow> rows = keys.stream().map(values::key).toList();
        LivenessChecker.LivenessView moment = liveness.at(new ClaimTables(session), clock.millis());
        Blockers blockers = Blockers.find(rows, queued.ticket(), moment);
        queued = new Outcome.Queued(queued.ticket(), blockers.busy());
        vigil = moment.vigil();
        untilThoroughLook = Deadline.after(pace().untilThoroughLook());
        // Only an attempt, which may write, can correct heartbeats and renewals that are dated in the future.
        return blockers.none() || moment.clockWasPutBack();
    }

    /** Waits until the next check. Returns whether a notification ended the wait, so that it is time to try. */
    boolean pauseUntilNextLook(Deadline pause) {
        String what = "for a claim on " + keys;
        PollSchedule pace = pace();
        if (listener != null) {
            return pause.sleepJittered(listener.hears() ? pace.untilVigil() : pace.untilNextGlance(), listener, what);
        }
        if (pace.isNearTheFront() && pace.sinceChange().compareTo(SOON) >= 0) {
            listener = notifier.listen(keys, () -> reads.read(this::isFirst));
            // Commits before this may not be notified, so the next check reads the file.
            untilThoroughLook = Deadline.after(Duration.ZERO);
            return false;
        }
        pause.sleepJittered(pace.untilNextGlance(), what);
        return false;
    }

    /** Returns whether there is no obstacle at all. Called by other threads. */
    private boolean isFirst(Session session) {
        return new ClaimTables(session).placeOf(queued.ticket()).isFirst();
    }

    /** Returns the current polling schedule. */
    PollSchedule pace() {
        return new PollSchedule(place.ahead(), first, sinceQueued.elapsed(), sinceChange.elapsed());
    }

    @Override
    public void close() {
        if (listener != null) {
            listener.close();
        }
    }
}
