package dev.fencepost.internal.claim;

import java.time.Duration;

/**
 * How often a request that stands in the queue looks.
 *
 * @param ahead how many requests are before it
 * @param first how many there were when it began to look
 * @param sinceQueued how long ago that was
 * @param sinceChange for how long nothing before it has changed
 */
record PollSchedule(long ahead, long first, Duration sinceQueued, Duration sinceChange) {
    /** The shortest time that it may take until a dead holder is noticed. */
    static final Duration LEAST_VIGIL = Duration.ofMillis(10);

    private static final long LEAST_VIGIL_NANOS = LEAST_VIGIL.toNanos();
    private static final long MOST_VIGIL = 50_000_000;

    /** The shortest and the longest time between glances, where nothing tells of commits. */
    private static final long LEAST_NANOS = 200_000;

    private static final long MOST_NANOS = 10_000_000;

    /** The longest time between looks at the file, where commits are heard of and nothing runs out. */
    private static final long MOST_THOROUGH = 1_000_000_000;

    /** The time between looks, as a part of the time for which nothing has changed. */
    private static final int PART = 16;

    private static final int NEAR_THE_FRONT = 1;

    boolean isNearTheFront() {
        return ahead <= NEAR_THE_FRONT;
    }

    /** Until it looks who is in the way. */
    Duration untilNextGlance() {
        if (isNearTheFront()) {
            return between(LEAST_NANOS, MOST_NANOS).multipliedBy(1 + ahead);
        }
        // Half of the time that the way to the front will take, as far as the way behind tells.
        long way = ahead - NEAR_THE_FRONT;
        long nanos = sinceQueued.toNanos() / Math.max(1, first - ahead) * way / 2;
        return Duration.ofNanos(Math.max(LEAST_NANOS, Math.min(nanos, MOST_NANOS * Math.min(way, PART))));
    }

    /** Until it asks, without reading the file, whether one of those in the way has died, while it is told of commits. */
    Duration untilVigil() {
        return between(LEAST_VIGIL_NANOS, MOST_VIGIL);
    }

    /**
     * Until it asks who of those in the way still lives. Whoever is far behind leaves it to those before it to find out who
     * is dead, and asks in case they do not.
     */
    Duration untilThoroughLook() {
        return isNearTheFront()
                ? between(LEAST_VIGIL_NANOS, MOST_THOROUGH)
                : untilVigil().multipliedBy(1 + Math.min(ahead, PART));
    }

    private Duration between(long least, long most) {
        return Duration.ofNanos(Math.min(Math.max(sinceChange.toNanos() / PART, least), most));
    }
}
