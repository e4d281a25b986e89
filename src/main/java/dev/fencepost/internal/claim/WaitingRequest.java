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
 * cost next to nothing. Most looks are glances, one statement each; now and then it asks who of those in its way still
 * lives.
 */
final class WaitingRequest {
    private static final long LEAST_NANOS = 200_000;
    private static final long MOST_NANOS = 10_000_000;
    /** The time between looks, as a part of the time for which nothing has changed. */
    private static final int PART = 16;

    private static final int NEAR_THE_FRONT = 1;

    /** How long it may take until a dead holder is noticed; the glances in between only see who is in the way. */
    private static final Duration THOROUGH = Duration.ofMillis(10);

    private final ClaimRequest.Wish wish;
    private final Lives lives;
    private final CommitQueue queue;
    private final ReadPath reads;
    private final Heartbeat heartbeat;
    private final Doorbell doorbell;
    private final InstantSource clock;
    private Answer.Queued queued;
    private ClaimTables.Place place = new ClaimTables.Place(0, 1);
    private Pause sinceChange = Pause.within(Duration.ZERO);
    private Pause untilThoroughLook = Pause.within(THOROUGH);

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
        boolean ended = false;
        heartbeat.needed();
        try {
            while (true) {
                long heard = doorbell.rings();
                if (reads.read(this::isTimeToTry)) {
                    Answer answer = queue.submit(new ClaimRequest(wish, lives, Optional.of(queued.ticket())));
                    if (answer instanceof Answer.Queued still) {
                        queued = still;
                    } else {
                        ended = true;
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
            if (!ended) {
                leave();
            }
        }
    }

    /** When nothing is in the way, and when the place in the queue is lost, so that it must queue up anew. */
    private boolean isTimeToTry(Session session) {
        ClaimTables tables = new ClaimTables(session);
        ClaimTables.Place now = tables.placeOf(queued.ticket());
        if (!now.equals(place)) {
            // Where the queue moves, the next move is near: what was waited before does not count.
            place = now;
            sinceChange = Pause.within(Duration.ZERO);
        }
        return place.isFirst() || (untilThoroughLook.over() && isFreeToTheLiving(session));
    }

    /** What seems to stand in the way may be dead, or may have outlived its lease. */
    private boolean isFreeToTheLiving(Session session) {
        untilThoroughLook = Pause.within(THOROUGH);
        ValueTables values = new ValueTables(session);
        List<KeyRow> keys = wish.keys().stream().map(values::key).toList();
        Lives.Moment moment = lives.at(new ClaimTables(session), clock.millis());
        Obstacles obstacles = Obstacles.find(keys, queued.ticket(), moment);
        queued = new Answer.Queued(queued.ticket(), obstacles.busy());
        // Signs of life from the future are dated anew by a try, which may write.
        return obstacles.none() || moment.clockWasPutBack();
    }

    /** Only those near the front are woken by a release; for the others it is not their turn yet. */
    private void pauseUntilNextLook(Pause pause, long heard) {
        String what = "for a claim on " + wish.keys();
        if (place.ahead() <= NEAR_THE_FRONT) {
            pause.about(untilNextLook(), doorbell, heard, what);
        } else {
            pause.about(untilNextLook(), what);
        }
    }

    private Duration untilNextLook() {
        long nanos = Math.min(Math.max(sinceChange.elapsed().toNanos() / PART, LEAST_NANOS), MOST_NANOS);
        return Duration.ofNanos(nanos * (1 + Math.min(place.ahead(), PART)));
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
