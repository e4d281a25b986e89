package dev.fencepost.internal.claim;

import dev.fencepost.FencepostException;
import dev.fencepost.internal.claim.ClaimRequest.Answer;
import dev.fencepost.internal.sql.ClaimTables;
import dev.fencepost.internal.sql.KeyRow;
import dev.fencepost.internal.sql.Session;
import dev.fencepost.internal.sql.ValueTables;
import dev.fencepost.internal.txn.CommitQueue;
import dev.fencepost.internal.txn.Doorbell;
import dev.fencepost.internal.txn.Pause;
import dev.fencepost.internal.txn.ReadPath;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/**
 * A request that stands in the queue. It looks now and then, by reading only, whether anything is still in its way, and
 * tries for the claim when nothing is; a release in its own process wakes it at once. Whoever is first looks most often;
 * the longer nothing changes, the less often, so that the hand-over takes a small part of the wait and hours of waiting
 * cost next to nothing.
 */
final class WaitingRequest {
    private static final long LEAST_NANOS = 200_000;
    private static final long MOST_NANOS = 10_000_000;
    /** The time between looks, as a part of the time for which nothing has changed. */
    private static final int PART = 16;

    private static final int NEAR_THE_FRONT = 1;

    private final ClaimRequest.Wish wish;
    private final Lives lives;
    private final CommitQueue queue;
    private final ReadPath reads;
    private final Heartbeat heartbeat;
    private final Doorbell doorbell;
    private final InstantSource clock;
    private Answer.Queued queued;
    private Pause sinceChange = Pause.within(Duration.ZERO);

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
        this.queued = queued;
        this.queue = queue;
        this.reads = reads;
        this.heartbeat = heartbeat;
        this.doorbell = doorbell;
        this.clock = clock;
    }

    /** Waits until the claim is granted or the time is up; leaves the queue in any case. */
    Answer await(Duration wait) {
        Pause pause = Pause.within(wait);
        boolean granted = false;
        heartbeat.needed();
        try {
            while (true) {
                long heard = doorbell.rings();
                if (reads.read(this::isWorthATry)) {
                    Answer answer = queue.submit(new ClaimRequest(wish, lives, Optional.of(queued.ticket())));
                    if (answer instanceof Answer.Queued still) {
                        see(still);
                    } else {
                        granted = true;
                        return answer;
                    }
                }
                if (pause.over()) {
                    return queued;
                }
                pauseUntilNextLook(pause, heard);
            }
        } finally {
            heartbeat.notNeeded();
            if (!granted) {
                leave();
            }
        }
    }

    private boolean isWorthATry(Session session) {
        ValueTables values = new ValueTables(session);
        List<KeyRow> keys = wish.keys().stream().map(values::key).toList();
        Lives.Moment moment = lives.at(new ClaimTables(session), clock.millis());
        Obstacles obstacles = Obstacles.find(keys, queued.ticket(), moment);
        see(new Answer.Queued(queued.ticket(), obstacles.busy()));
        return obstacles.none() || moment.clockWasPutBack();
    }

    /** Where the queue moves, the next move is near: what was waited before does not count. */
    private void see(Answer.Queued now) {
        if (!now.busy().equals(queued.busy())) {
            sinceChange = Pause.within(Duration.ZERO);
        }
        queued = now;
    }

    /** Only those near the front are woken by a release; for the others it is not their turn yet. */
    private void pauseUntilNextLook(Pause pause, long heard) {
        String what = "for a claim on " + wish.keys();
        if (queued.busy().waitersAhead() <= NEAR_THE_FRONT) {
            pause.about(untilNextLook(), doorbell, heard, what);
        } else {
            pause.about(untilNextLook(), what);
        }
    }

    private Duration untilNextLook() {
        long nanos = Math.min(Math.max(sinceChange.elapsed().toNanos() / PART, LEAST_NANOS), MOST_NANOS);
        return Duration.ofNanos(nanos * (1 + Math.min(queued.busy().waitersAhead(), PART)));
    }

    private void leave() {
        try {
            queue.submit(scope -> {
                scope.claims().deleteWaiter(queued.ticket());
                return true;
            });
        } catch (FencepostException e) {
            // Whoever came later must not stand behind a request that nobody waits on.
            heartbeat.leaveLater(queued.ticket(), e);
        }
        doorbell.ring();
    }
}
