package dev.fencepost.internal.claim;

import dev.fencepost.Holder;
import dev.fencepost.internal.claim.ClaimRequest.Answer;
import dev.fencepost.internal.sql.ClaimTables;
import dev.fencepost.internal.sql.KeyRow;
import dev.fencepost.internal.sql.Session;
import dev.fencepost.internal.sql.ValueTables;
import dev.fencepost.internal.sql.WaiterRow;
import dev.fencepost.internal.txn.CommitQueue;
import dev.fencepost.internal.txn.Pause;
import dev.fencepost.internal.txn.ReadPath;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/**
 * A request that stands in the queue. It looks now and then, by reading only, whether anything is still in its way, and
 * tries for the claim when nothing is. Whoever is first looks most often; the longer the wait, the less often, so that
 * the hand-over takes a small part of the wait and hours of waiting cost next to nothing.
 */
final class WaitingRequest {
    private static final long LEAST_NANOS = 200_000;
    private static final long MOST_NANOS = 10_000_000;
    /** The time between looks, as a part of the time waited so far. */
    private static final int PART = 16;

    private final ClaimRequest.Wish wish;
    private final Lives lives;
    private final CommitQueue queue;
    private final ReadPath reads;
    private final Heartbeat heartbeat;
    private final InstantSource clock;
    private Answer.Queued queued;

    WaitingRequest(
            ClaimRequest.Wish wish,
            Lives lives,
            Answer.Queued queued,
            CommitQueue queue,
            ReadPath reads,
            Heartbeat heartbeat,
            InstantSource clock) {
        this.wish = wish;
        this.lives = lives;
        this.queued = queued;
        this.queue = queue;
        this.reads = reads;
        this.heartbeat = heartbeat;
        this.clock = clock;
    }

    /** Waits until the claim is granted or the time is up; leaves the queue in any case. */
    Answer await(Duration wait) {
        Pause pause = Pause.within(wait);
        Duration nextSearch = lives.silence();
        boolean left = false;
        heartbeat.needed();
        try {
            while (true) {
                boolean search = pause.elapsed().compareTo(nextSearch) >= 0;
                if (search) {
                    nextSearch = pause.elapsed().plus(lives.silence());
                }
                if (reads.read(this::isFree) || (search && reads.read(this::isInCircle))) {
                    Answer answer = queue.submit(new ClaimRequest(wish, lives, Optional.of(queued.ticket())));
                    if (answer instanceof Answer.Queued still) {
                        queued = still;
                    } else {
                        left = true;
                        return answer;
                    }
                }
                if (pause.over()) {
                    return queued;
                }
                pause.about(untilNextLook(pause.elapsed()), "for a claim on " + wish.keys());
            }
        } finally {
            heartbeat.notNeeded();
            if (!left) {
                leave();
            }
        }
    }

    private boolean isFree(Session session) {
        ValueTables values = new ValueTables(session);
        List<KeyRow> keys = wish.keys().stream().map(values::key).toList();
        Obstacles obstacles = Obstacles.find(keys, queued.ticket(), new ClaimTables(session), lives, clock.millis());
        queued = new Answer.Queued(queued.ticket(), obstacles.busy());
        return obstacles.none();
    }

    /**
     * Whoever did not show that it lives when this request was made was left out of the search for circles then. So the
     * search is made again as often as somebody could have been missed and come back.
     */
    private boolean isInCircle(Session session) {
        ValueTables values = new ValueTables(session);
        List<KeyRow> keys = wish.keys().stream().map(values::key).toList();
        Holder holder = new Holder(wish.agent(), queue.process().orElseThrow(), wish.pid());
        WaiterRow request = new WaiterRow(queued.ticket(), holder, wish.thread(), Long.MAX_VALUE);
        return ClaimRequest.circle(request, keys, new ClaimTables(session), lives, clock.millis())
                .isPresent();
    }

    private Duration untilNextLook(Duration waited) {
        long nanos = Math.min(Math.max(waited.toNanos() / PART, LEAST_NANOS), MOST_NANOS);
        return Duration.ofNanos(nanos * (1 + Math.min(queued.busy().waitersAhead(), PART)));
    }

    private void leave() {
        queue.submit(scope -> {
            scope.claims().deleteWaiter(queued.ticket());
            return true;
        });
    }
}
