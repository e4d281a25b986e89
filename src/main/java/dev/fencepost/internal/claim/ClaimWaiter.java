package dev.fencepost.internal.claim;

import dev.fencepost.FencepostException;
import dev.fencepost.StoreClosedException;
import dev.fencepost.WriteLockTimeoutException;
import dev.fencepost.internal.claim.ClaimAttempt.Outcome;
import dev.fencepost.internal.claim.Heartbeat.Owed;
import dev.fencepost.internal.commit.CommitQueue;
import dev.fencepost.internal.commit.FencingToken;
import dev.fencepost.internal.process.LivenessChecker;
import dev.fencepost.internal.process.LivenessChecker.LivenessView;
import dev.fencepost.internal.read.CommitNotifier;
import dev.fencepost.internal.read.ReaderPool;
import dev.fencepost.internal.sql.ClaimTables;
import dev.fencepost.internal.sql.KeyRow;
import dev.fencepost.internal.sql.Session;
import dev.fencepost.internal.sql.VersionTables;
import dev.fencepost.internal.util.Deadline;
import dev.fencepost.internal.util.Patience;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The wait of a request in the queue. The commit that frees its keys grants it, and its {@link GrantSignal} says so. All
 * else is for claims that are not handed over: a holder dies, a lease expires, another program ends a claim, or a signal
 * is lost.
 *
 * <p>For these it checks for obstacles by reading only, and tries for the claim when it has none. The times of its
 * checks affect only how soon it gets such a claim: an attempt that is too early finds the same obstacles, and writes
 * nothing. Nothing is checked in the first {@link #QUIET} after a change of the queue. Then a request near the front
 * listens for commits, and is notified when it has no more obstacles. The others would be woken for nothing, so they
 * poll, and the further back they are, the less often. Most checks are one statement that counts the obstacles. Full
 * checks, which also find out whether these are alive, are rarer.
 */
final class ClaimWaiter {
    private static final Logger LOG = LoggerFactory.getLogger(ClaimWaiter.class);

    /** The time after a change of the queue during which a waiter that hears of its grant checks nothing. */
    static final Duration QUIET = Duration.ofMillis(50);

    private final ClaimAttempt.ClaimSpec spec;
    private final LivenessChecker liveness;
    private final Grants grants;
    private final GrantSignal signal;
    private final boolean hears;
    private final CommitQueue queue;
    private final ReaderPool reads;
    private final Heartbeat heartbeat;
    private final CommitNotifier notifier;
    private final InstantSource clock;
    private volatile Outcome.Queued queued;
    private ClaimTables.Place place = new ClaimTables.Place(0, 1);
    private long first;
    private Deadline sinceQueued = Deadline.after(Duration.ZERO);
    private Deadline sinceChange = Deadline.after(Duration.ZERO);
    private Deadline untilFullCheck = Deadline.after(PollSchedule.MIN_LIVENESS_INTERVAL);
    private @Nullable LivenessView lastFullCheck;
    private CommitNotifier.@Nullable Listener listener;

    /**
     * Creates the wait of a request that was queued.
     *
     * @param hears whether grants by other processes reach the signal
     */
    ClaimWaiter(
            ClaimAttempt.ClaimSpec spec,
            LivenessChecker liveness,
            Grants grants,
            GrantSignal signal,
            boolean hears,
            Outcome.Queued queued,
            CommitQueue queue,
            ReaderPool reads,
            Heartbeat heartbeat,
            CommitNotifier notifier,
            InstantSource clock) {
        this.spec = spec;
        this.liveness = liveness;
        this.grants = grants;
        this.signal = signal;
        this.hears = hears;
        this.queued = queued;
        this.queue = queue;
        this.reads = reads;
        this.heartbeat = heartbeat;
        this.notifier = notifier;
        this.clock = clock;
    }

    /** Waits until the claim is granted, the wait is over or the caller gives up. Leaves the queue in any case. */
    Outcome await(Duration wait, BooleanSupplier givesUp) {
        heartbeat.needed();
        try {
            Outcome outcome = tryUntil(Deadline.after(wait), givesUp);
            Outcome end = outcome instanceof Outcome.Queued ? leave(outcome) : outcome;
            if (end instanceof Outcome.Granted && !spec.lease().heartbeats()) {
                heartbeat.show();
            }
            return end;
        } catch (WriteLockTimeoutException e) {
            // This call has waited for the write lock already, so it does not wait again to leave.
            heartbeat.owe(leaving(), e);
            throw e;
        } catch (RuntimeException | Error e) {
            abandon(e);
            throw e;
        } finally {
            heartbeat.notNeeded();
            stopListening();
        }
    }

    private Outcome tryUntil(Deadline deadline, BooleanSupplier givesUp) {
        boolean notified = false;
        // The attempt that queued the request has just found an obstacle.
        boolean checks = !hears;
        while (true) {
            Optional<FencingToken> granted = signal.claimFor(queued.ticket());
            if (granted.isPresent()) {
                return new Outcome.Granted(granted.get());
            }
            boolean last = deadline.over() || givesUp.getAsBoolean();
            if (notified || ((checks || last) && isTimeToTry(last))) {
                Outcome outcome = last ? attempt() : attemptBefore(deadline);
                if (!(outcome instanceof Outcome.Queued)) {
                    return outcome;
                }
            }
            if (last) {
                return queued;
            }
            notified = pause(deadline);
            checks = true;
        }
    }

    /** Tries for the claim. If the write lock is busy, the request keeps its place in the queue and can try again. */
    private Outcome attemptBefore(Deadline deadline) {
        try {
            return Patience.of(deadline.remaining()).during(this::attempt);
        } catch (WriteLockTimeoutException e) {
            LOG.debug(
                    "Claim attempt on {} timed out waiting for the write lock; the request keeps waiting",
                    spec.keys(),
                    e);
            return queued;
        }
    }

    /** Tries for the claim. A request that lost its place is queued again. */
    Outcome attempt() {
        Outcome outcome = queue.submit(new ClaimAttempt(spec, liveness, grants, Optional.of(queued.ticket()), false));
        if (outcome instanceof Outcome.Queued still) {
            queued = still;
        }
        return outcome;
    }

    /**
     * Returns whether to try for the claim. This is so if there is no obstacle, or if the request lost its place and
     * must be queued again.
     *
     * @param last whether this is the last check, whose result is returned to the caller
     */
    boolean isTimeToTry(boolean last) {
        boolean full = last || untilFullCheck.over() || (schedule().isNearTheFront() && isOutdated());
        // The listener is notified when there is no more obstacle, so nothing has to be read meanwhile.
        if (!full && listener != null && listener.hears()) {
            return false;
        }
        return reads.read(session -> countObstacles(session).isFirst() || (full && isFreeOfTheLiving(session)));
    }

    private boolean isOutdated() {
        return lastFullCheck != null && lastFullCheck.isOutdated(clock.millis());
    }

    private ClaimTables.Place countObstacles(Session session) {
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
    private boolean isFreeOfTheLiving(Session session) {
        VersionTables values = new VersionTables(session);
        List<KeyRow> rows = spec.keys().stream().map(values::key).toList();
        LivenessView view = liveness.at(new ClaimTables(session), clock.millis());
        Blockers blockers = Blockers.find(rows, queued.ticket(), true, view);
        queued = new Outcome.Queued(queued.ticket(), blockers.busy());
        lastFullCheck = view;
        untilFullCheck = Deadline.after(schedule().untilFullCheck());
        // Only an attempt, which may write, can correct heartbeats and renewals that are dated in the future.
        return blockers.none() || view.clockWasPutBack();
    }

    /** Waits until the next check. Returns whether a notification ended the wait, so that it is time to try. */
    boolean pause(Deadline deadline) {
        String what = "for a claim on " + spec.keys();
        PollSchedule schedule = schedule();
        boolean quiet = schedule.sinceChange().compareTo(QUIET) >= 0;
        if (listener != null) {
            Duration length = listener.hears() ? schedule.untilLivenessCheck() : schedule.untilPoll();
            return deadline.sleepJittered(length, listener, what);
        }
        if (schedule.isNearTheFront() && quiet) {
            listen();
            return false;
        }
        Duration poll = schedule.untilPoll();
        return deadline.sleepJittered(hears && poll.compareTo(QUIET) < 0 ? QUIET : poll, signal, what)
                && signal.claimFor(queued.ticket()).isEmpty();
    }

    private void listen() {
        CommitNotifier.Listener listening = notifier.listen(spec.keys(), () -> reads.read(this::isFirst));
        listener = listening;
        signal.wakesToo(listening::call);
        // Commits before this may not be notified, so the next check reads the file.
        untilFullCheck = Deadline.after(Duration.ZERO);
    }

    /** Returns whether there is no obstacle at all. Called by other threads. */
    private boolean isFirst(Session session) {
        return new ClaimTables(session).placeOf(queued.ticket()).isFirst();
    }

    /** Returns the state of the request, as far as it is known. */
    Outcome.Queued queued() {
        return queued;
    }

    /** Returns the current polling schedule. */
    PollSchedule schedule() {
        return new PollSchedule(place.ahead(), first, sinceQueued.elapsed(), sinceChange.elapsed());
    }

    /** Leaves the queue. Returns the given outcome, or the grant that another process has made meanwhile. */
    private Outcome leave(Outcome busy) {
        Optional<FencingToken> granted;
        try {
            granted = queue.submit(new Departure(grants, spec, true));
        } catch (StoreClosedException e) {
            LOG.trace("Request {} was removed from the queue when the store closed", queued.ticket(), e);
            return busy;
        } catch (FencepostException e) {
            heartbeat.owe(leaving(), e);
            return busy;
        }
        notifier.notifyKeys(spec.keys());
        return granted.<Outcome>map(Outcome.Granted::new).orElse(busy);
    }

    /** Leaves the queue after a failure. Gives back a claim that was granted meanwhile. */
    private void abandon(Throwable because) {
        Owed leaving = leaving();
        try {
            queue.change(leaving.change());
            leaving.afterwards().run();
        } catch (StoreClosedException e) {
            because.addSuppressed(e);
        } catch (FencepostException e) {
            heartbeat.owe(leaving, e);
        }
    }

    private Owed leaving() {
        Departure departure = new Departure(grants, spec, false);
        return new Owed(
                "Leaving the queue for a claim on " + spec.keys(),
                departure::apply,
                () -> notifier.notifyKeys(spec.keys()));
    }

    void stopListening() {
        if (listener != null) {
            listener.close();
        }
    }
}
