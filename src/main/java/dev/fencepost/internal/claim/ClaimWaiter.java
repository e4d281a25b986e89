package dev.fencepost.internal.claim;

import dev.fencepost.FencepostException;
import dev.fencepost.StoreClosedException;
import dev.fencepost.WriteLockTimeoutException;
import dev.fencepost.internal.claim.ClaimAttempt.Outcome;
import dev.fencepost.internal.commit.CommitQueue;
import dev.fencepost.internal.process.LivenessChecker;
import dev.fencepost.internal.read.CommitNotifier;
import dev.fencepost.internal.read.ReaderPool;
import dev.fencepost.internal.util.Deadline;
import dev.fencepost.internal.util.Patience;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A request in the queue, which tries for the claim when it has no more obstacles. It writes nothing before that. */
final class ClaimWaiter {
    private static final Logger LOG = LoggerFactory.getLogger(ClaimWaiter.class);

    private final ClaimAttempt.ClaimSpec spec;
    private final LivenessChecker liveness;
    private final CommitQueue queue;
    private final Heartbeat heartbeat;
    private final CommitNotifier notifier;
    private final Lookout lookout;

    ClaimWaiter(
            ClaimAttempt.ClaimSpec spec,
            LivenessChecker liveness,
            Outcome.Queued queued,
            CommitQueue queue,
            ReaderPool reads,
            Heartbeat heartbeat,
            CommitNotifier notifier,
            InstantSource clock) {
        this.spec = spec;
        this.liveness = liveness;
        this.queue = queue;
        this.heartbeat = heartbeat;
        this.notifier = notifier;
        this.lookout = new Lookout(spec.keys(), queued, liveness, reads, notifier, clock);
    }

    /** Waits until the claim is granted, the wait is over or the caller gives up. Leaves the queue in any case. */
    Outcome await(Duration wait, BooleanSupplier givesUp) {
        heartbeat.needed();
        try {
            Outcome answer = tryUntil(Deadline.after(wait), givesUp);
            if (answer instanceof Outcome.Queued) {
                leave();
            }
            return answer;
        } catch (WriteLockTimeoutException e) {
            // This call has waited for the write lock already, so it does not wait again to leave.
            leaveLater(e);
            throw e;
        } catch (RuntimeException | Error e) {
            leave();
            throw e;
        } finally {
            heartbeat.notNeeded();
            lookout.close();
        }
    }

    private Outcome tryUntil(Deadline pause, BooleanSupplier givesUp) {
        boolean called = false;
        while (true) {
            boolean last = pause.over() || givesUp.getAsBoolean();
            if (called || lookout.isTimeToTry(last)) {
                Outcome answer = last ? tryOnce() : tryMeanwhile(pause);
                if (!(answer instanceof Outcome.Queued still)) {
                    return answer;
                }
                lookout.queued(still);
            }
            if (last) {
                return lookout.queued();
            }
            called = lookout.pauseUntilNextLook(pause);
        }
    }

    /** Tries for the claim. If the write lock is busy, the request keeps its place in the queue and can try again. */
    private Outcome tryMeanwhile(Deadline pause) {
        try {
            return Patience.of(pause.remaining()).during(this::tryOnce);
        } catch (WriteLockTimeoutException e) {
            LOG.debug(
                    "Claim attempt on {} timed out waiting for the write lock; the request keeps waiting",
                    spec.keys(),
                    e);
            return lookout.queued();
        }
    }

    private Outcome tryOnce() {
        return queue.submit(
                new ClaimAttempt(spec, liveness, Optional.of(lookout.queued().ticket())));
    }

    private void leave() {
        long ticket = lookout.queued().ticket();
        try {
            queue.change(scope -> scope.claims().deleteWaiter(ticket));
            notifier.notifyKeys(spec.keys());
        } catch (StoreClosedException e) {
            LOG.trace("Request {} was removed from the queue when the store closed", ticket, e);
        } catch (FencepostException e) {
            leaveLater(e);
        }
    }

    /**
     * Leaves the queue with a later heartbeat. Later requests must not wait behind a request that no thread waits for.
     */
    private void leaveLater(FencepostException because) {
        long ticket = lookout.queued().ticket();
        Heartbeat.Owed leaving = new Heartbeat.Owed(
                "Leaving the queue for a claim on " + spec.keys(),
                scope -> scope.claims().deleteWaiter(ticket),
                () -> notifier.notifyKeys(spec.keys()));
        heartbeat.owe(leaving, because);
    }
}
