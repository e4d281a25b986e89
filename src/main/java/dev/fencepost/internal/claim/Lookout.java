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
 * When a request that stands in the queue looks at how things stand, by reading only, and when it is time to try for the
 * claim. This decides how soon it is granted, never whether: a try too early finds the same obstacles, and writes nothing.
 *
 * <p>Whoever is near the front listens for commits, and is called when its turn has come. The others would be woken for
 * nothing: they look now and then, less often the longer their way still is. Most looks are glances, one statement each,
 * at who is in the way; more seldom it asks who of those still lives.
 */
final class Lookout implements AutoCloseable {
    /** Hand-overs that follow each other this fast are found by looking; being told of each commit would cost more. */
    private static final Duration SOON = Duration.ofMillis(3);

    private final List<String> keys;
    private final LivenessChecker lives;
    private final ReaderPool reads;
    private final CommitNotifier doorbell;
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
            LivenessChecker lives,
            ReaderPool reads,
            CommitNotifier doorbell,
            InstantSource clock) {
        this.keys = keys;
        this.queued = queued;
        this.lives = lives;
        this.reads = reads;
        this.doorbell = doorbell;
        this.clock = clock;
    }

    /** How it stands, as far as is known. */
    Outcome.Queued queued() {
        return queued;
    }

    /** How a try has ended. */
    void queued(Outcome.Queued still) {
        queued = still;
    }

    /**
     * When nothing is in the way, and when the place in the queue is lost, so that it must queue up anew.
     *
     * @param last whether there will be no other look, so that this one must tell how things stand
     */
    boolean isTimeToTry(boolean last) {
        boolean thorough =
                last || untilThoroughLook.over() || (pace().isNearTheFront() && vigil.isOver(clock.millis()));
        if (!thorough && listener != null && listener.hears()) {
            return false;
        }
        return reads.read(session -> glance(session).isFirst() || (thorough && isFreeToTheLiving(session)));
    }

    private ClaimTables.Place glance(Session session) {
        ClaimTables.Place now = new ClaimTables(session).placeOf(queued.ticket());
        if (!now.equals(place)) {
            if (place.ahead() < now.ahead()) {
                // It has only begun to look, or has lost its place and has queued up anew.
                first = now.ahead();
                sinceQueued = Deadline.after(Duration.ZERO);
            }
            place = now;
            // Where the queue moves, the next move is near: what was waited before does not count.
            sinceChange = Deadline.after(Duration.ZERO);
        }
        return now;
    }

    /** What seems to stand in the way may be dead, or may have outlived its lease. */
    private boolean isFreeToTheLiving(Session session) {
        VersionTables values = new VersionTables(session);
        List<KeyRow> rows = keys.stream().map(values::key).toList();
        LivenessChecker.LivenessView moment = lives.at(new ClaimTables(session), clock.millis());
        Blockers obstacles = Blockers.find(rows, queued.ticket(), moment);
        queued = new Outcome.Queued(queued.ticket(), obstacles.busy());
        vigil = moment.vigil();
        untilThoroughLook = Deadline.after(pace().untilThoroughLook());
        // Signs of life from the future are dated anew by a try, which may write.
        return obstacles.none() || moment.clockWasPutBack();
    }

    /** Returns whether it was called, which means that it is time to try. */
    boolean pauseUntilNextLook(Deadline pause) {
        String what = "for a claim on " + keys;
        PollSchedule pace = pace();
        if (listener != null) {
            return pause.sleepJittered(listener.hears() ? pace.untilVigil() : pace.untilNextGlance(), listener, what);
        }
        if (pace.isNearTheFront() && pace.sinceChange().compareTo(SOON) >= 0) {
            listener = doorbell.listen(keys, () -> reads.read(this::isFirst));
            untilThoroughLook = Deadline.after(Duration.ZERO);
            return false;
        }
        pause.sleepJittered(pace.untilNextGlance(), what);
        return false;
    }

    /** Whether nothing is in the way at all; other threads ask this. */
    private boolean isFirst(Session session) {
        return new ClaimTables(session).placeOf(queued.ticket()).isFirst();
    }

    /** How often it looks, as things stand. */
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
