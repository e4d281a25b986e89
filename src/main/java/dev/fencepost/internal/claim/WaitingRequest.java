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
import org.jspecify.annotations.Nullable;

/**
 * A request that stands in the queue, and tries for the claim when nothing is in its way any more. It writes nothing
 * before that; it looks, by reading only.
 *
 * <p>Whoever is near the front listens for commits, and is called when its turn has come. The others would be woken for
 * nothing: they look now and then, less often the longer their way still is. Most looks are glances, one statement each,
 * at who is in the way; more seldom it asks who of those still lives.
 */
final class WaitingRequest {
    /** The shortest and the longest time between glances, where nothing tells of commits. */
    private static final long LEAST_NANOS = 200_000;

    private static final long MOST_NANOS = 10_000_000;

    /** The shortest and the longest time that it may take until a dead holder is noticed. */
    private static final long LEAST_VIGIL = 10_000_000;

    private static final long MOST_VIGIL = 50_000_000;

    /** The longest time between looks at the file, where commits are heard of and nothing runs out. */
    private static final long MOST_THOROUGH = 1_000_000_000;

    /** The time between looks, as a part of the time for which nothing has changed. */
    private static final int PART = 16;

    private static final int NEAR_THE_FRONT = 1;

    /** Hand-overs that follow each other this fast are found by looking; being told of each commit would cost more. */
    private static final Duration SOON = Duration.ofMillis(3);

    private final ClaimRequest.Wish wish;
    private final Lives lives;
    private final CommitQueue queue;
    private final ReadPath reads;
    private final Heartbeat heartbeat;
    private final Doorbell doorbell;
    private final InstantSource clock;
    private volatile Answer.Queued queued;
    private ClaimTables.Place place = new ClaimTables.Place(0, 1);
    private long first;
    private Pause sinceQueued = Pause.within(Duration.ZERO);
    private Pause sinceChange = Pause.within(Duration.ZERO);
    private Pause untilThoroughLook = Pause.within(Duration.ofNanos(LEAST_VIGIL));
    private Vigil vigil = Vigil.NONE;
    private Doorbell.@Nullable Listener listener;

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
        boolean ended = false;
        heartbeat.needed();
        try {
            Answer answer = tryUntil(Pause.within(wait));
            ended = !(answer instanceof Answer.Queued);
            return answer;
        } finally {
            heartbeat.notNeeded();
            if (listener != null) {
                listener.close();
            }
            if (!ended) {
                leave();
            }
        }
    }

    private Answer tryUntil(Pause pause) {
        boolean called = false;
        while (true) {
            boolean last = pause.over();
            if (called || isTimeToTry(last)) {
                Answer answer = queue.submit(new ClaimRequest(wish, lives, Optional.of(queued.ticket())));
                if (answer instanceof Answer.Queued still) {
                    queued = still;
                } else {
                    return answer;
                }
            }
            if (last) {
                return queued;
            }
            called = pauseUntilNextLook(pause);
        }
    }

    /**
     * When nothing is in the way, and when the place in the queue is lost, so that it must queue up anew.
     *
     * @param last whether there will be no other look, so that this one must tell how things stand
     */
    private boolean isTimeToTry(boolean last) {
        boolean thorough = last || untilThoroughLook.over() || (isNearTheFront() && vigil.isOver(clock.millis()));
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
                sinceQueued = Pause.within(Duration.ZERO);
            }
            place = now;
            // Where the queue moves, the next move is near: what was waited before does not count.
            sinceChange = Pause.within(Duration.ZERO);
        }
        return now;
    }

    /** What seems to stand in the way may be dead, or may have outlived its lease. */
    private boolean isFreeToTheLiving(Session session) {
        ValueTables values = new ValueTables(session);
        List<KeyRow> keys = wish.keys().stream().map(values::key).toList();
        Lives.Moment moment = lives.at(new ClaimTables(session), clock.millis());
        Obstacles obstacles = Obstacles.find(keys, queued.ticket(), moment);
        queued = new Answer.Queued(queued.ticket(), obstacles.busy());
        vigil = moment.vigil();
        untilThoroughLook = Pause.within(untilThorough());
        // Signs of life from the future are dated anew by a try, which may write.
        return obstacles.none() || moment.clockWasPutBack();
    }

    /** Returns whether it was called, which means that it is time to try. */
    private boolean pauseUntilNextLook(Pause pause) {
        String what = "for a claim on " + wish.keys();
        if (listener != null) {
            Duration length = listener.hears() ? between(LEAST_VIGIL, MOST_VIGIL) : untilNextGlance();
            return pause.about(length, listener, what);
        }
        if (isNearTheFront() && sinceChange.elapsed().compareTo(SOON) >= 0) {
            listener = doorbell.listen(wish.keys(), () -> reads.read(this::isFirst));
            untilThoroughLook = Pause.within(Duration.ZERO);
            return false;
        }
        pause.about(untilNextGlance(), what);
        return false;
    }

    private boolean isNearTheFront() {
        return place.ahead() <= NEAR_THE_FRONT;
    }

    /** Whether nothing is in the way at all; other threads ask this. */
    private boolean isFirst(Session session) {
        return new ClaimTables(session).placeOf(queued.ticket()).isFirst();
    }

    private Duration untilNextGlance() {
        if (isNearTheFront()) {
            return between(LEAST_NANOS, MOST_NANOS).multipliedBy(1 + place.ahead());
        }
        // Half of the time that the way to the front will take, as far as the way behind tells.
        long way = place.ahead() - NEAR_THE_FRONT;
        long nanos = sinceQueued.elapsed().toNanos() / Math.max(1, first - place.ahead()) * way / 2;
        return Duration.ofNanos(Math.max(LEAST_NANOS, Math.min(nanos, MOST_NANOS * Math.min(way, PART))));
    }

    /** Whoever is far behind leaves it to those before it to find out who is dead, and asks in case they do not. */
    private Duration untilThorough() {
        return isNearTheFront()
                ? between(LEAST_VIGIL, MOST_THOROUGH)
                : between(LEAST_VIGIL, MOST_VIGIL).multipliedBy(1 + Math.min(place.ahead(), PART));
    }

    private Duration between(long least, long most) {
        return Duration.ofNanos(Math.min(Math.max(sinceChange.elapsed().toNanos() / PART, least), most));
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
        doorbell.ring(wish.keys());
    }
}
