package dev.fencepost.internal.claim;

import dev.fencepost.FencepostException;
import dev.fencepost.StoreClosedException;
import dev.fencepost.WriteLockTimeoutException;
import dev.fencepost.internal.claim.ClaimRequest.Answer;
import dev.fencepost.internal.sql.Patience;
import dev.fencepost.internal.txn.CommitQueue;
import dev.fencepost.internal.txn.Doorbell;
import dev.fencepost.internal.txn.Pause;
import dev.fencepost.internal.txn.ReadPath;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A request that stands in the queue, and tries for the claim when nothing is in its way any more. It writes nothing
 * before that.
 */
final class WaitingRequest {
    private static final Logger LOG = LoggerFactory.getLogger(WaitingRequest.class);

    private final ClaimRequest.Wish wish;
    private final Lives lives;
    private final CommitQueue queue;
    private final Heartbeat heartbeat;
    private final Doorbell doorbell;
    private final Lookout lookout;

    WaitingRequest(
            ClaimRequest.Wish wish,
            Lives lives,
            Answer.Queued queued,
            CommitQueue queue,
            ReadPath reads,
            Heartbeat heartbeat,
            Doorbell doorbell,
            InstantSource clock) {
        this.wish = wish;
        this.lives = lives;
        this.queue = queue;
        this.heartbeat = heartbeat;
        this.doorbell = doorbell;
        this.lookout = new Lookout(wish.keys(), queued, lives, reads, doorbell, clock);
    }

    /** Waits until the claim is granted, the time is up or the caller gives up; leaves the queue in any case. */
    Answer await(Duration wait, BooleanSupplier givesUp) {
        heartbeat.needed();
        try {
            Answer answer = tryUntil(Pause.within(wait), givesUp);
            if (answer instanceof Answer.Queued) {
                leave();
            }
            return answer;
        } catch (WriteLockTimeoutException e) {
            // This has waited for the write lock already.
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

    private Answer tryUntil(Pause pause, BooleanSupplier givesUp) {
        boolean called = false;
        while (true) {
            boolean last = pause.over() || givesUp.getAsBoolean();
            if (called || lookout.isTimeToTry(last)) {
                Answer answer = last ? tryOnce() : tryMeanwhile(pause);
                if (!(answer instanceof Answer.Queued still)) {
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

    /** A file that is busy now may not be so later, and the request keeps its place meanwhile. */
    private Answer tryMeanwhile(Pause pause) {
        try {
            return Patience.of(pause.remaining()).during(this::tryOnce);
        } catch (WriteLockTimeoutException e) {
            LOG.debug("The file was too busy to try for a claim on {}; the request goes on waiting", wish.keys(), e);
            return lookout.queued();
        }
    }

    private Answer tryOnce() {
        return queue.submit(
                new ClaimRequest(wish, lives, Optional.of(lookout.queued().ticket())));
    }

    private void leave() {
        long ticket = lookout.queued().ticket();
        try {
            queue.change(scope -> scope.claims().deleteWaiter(ticket));
            doorbell.ring(wish.keys());
        } catch (StoreClosedException e) {
            LOG.trace("Closing the store has taken request {} out of the queue", ticket, e);
        } catch (FencepostException e) {
            leaveLater(e);
        }
    }

    /** Later requests must not wait behind a request that no thread waits for. */
    private void leaveLater(FencepostException because) {
        long ticket = lookout.queued().ticket();
        Heartbeat.Owed leaving = new Heartbeat.Owed(
                "Leaving the queue for a claim on " + wish.keys(),
                scope -> scope.claims().deleteWaiter(ticket),
                () -> doorbell.ring(wish.keys()));
        heartbeat.owe(leaving, because);
    }
}
