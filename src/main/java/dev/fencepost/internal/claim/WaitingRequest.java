package dev.fencepost.internal.claim;

import dev.fencepost.FencepostException;
import dev.fencepost.internal.claim.ClaimRequest.Answer;
import dev.fencepost.internal.txn.CommitQueue;
import dev.fencepost.internal.txn.Doorbell;
import dev.fencepost.internal.txn.Pause;
import dev.fencepost.internal.txn.ReadPath;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

/**
 * A request that stands in the queue, and tries for the claim when nothing is in its way any more. It writes nothing
 * before that.
 */
final class WaitingRequest {
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

    /** Waits until the claim is granted or the time is up; leaves the queue in any case. */
    Answer await(Duration wait) {
        boolean ended = false;
        heartbeat.needed();
        try {
            Answer answer = tryUntil(Pause.within(wait));
            ended = !(answer instanceof Answer.Queued);
            return answer;
        } finally {
            heartbeat.notNeeded();
            lookout.close();
            if (!ended) {
                leave();
            }
        }
    }

    private Answer tryUntil(Pause pause) {
        boolean called = false;
        while (true) {
            boolean last = pause.over();
            if (called || lookout.isTimeToTry(last)) {
                Answer answer = queue.submit(new ClaimRequest(
                        wish, lives, Optional.of(lookout.queued().ticket())));
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

    private void leave() {
        long ticket = lookout.queued().ticket();
        try {
            queue.change(scope -> scope.claims().deleteWaiter(ticket));
        } catch (FencepostException e) {
            // Whoever came later must not stand behind a request that nobody waits on.
            heartbeat.leaveLater(ticket, e);
        }
        doorbell.ring(wish.keys());
    }
}
