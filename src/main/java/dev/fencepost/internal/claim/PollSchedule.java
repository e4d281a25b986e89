package dev.fencepost.internal.claim;

import java.time.Duration;

/**
 * The polling schedule of a request in the queue.
 *
 * @param ahead the number of requests before it
 * @param first the number of requests before it when it began to poll
 * @param sinceQueued the time since it began to poll
 * @param sinceChange the time since a request or claim before it last changed
 */
record PollSchedule(long ahead, long first, Duration sinceQueued, Duration sinceChange) {
    /** The shortest time until a dead holder is noticed. */
    static final Duration MIN_LIVENESS_INTERVAL = Duration.ofMillis(10);

    private static final long MIN_LIVENESS = MIN_LIVENESS_INTERVAL.toNanos();
    private static final long MAX_LIVENESS = 50_000_000;

    /** The bounds of the interval between polls without notifications, in nanoseconds. */
    private static final long MIN_POLL = 200_000;

    private static final long MAX_POLL = 10_000_000;

    /**
     * The longest interval between checks that read the file, in nanoseconds, if commits are notified and no lease
     * ends.
     */
    private static final long MAX_FULL_CHECK = 1_000_000_000;

    /** The divisor of the time without a change that gives the interval between checks. */
    private static final int PART = 16;

    private static final int NEAR_THE_FRONT = 1;

    boolean isNearTheFront() {
        return ahead <= NEAR_THE_FRONT;
    }

    /** Returns the interval until the next poll for obstacles. */
    Duration untilPoll() {
        if (isNearTheFront()) {
            return between(MIN_POLL, MAX_POLL).multipliedBy(1 + ahead);
        }
        // Half of the time to the front, estimated from the way so far.
        long way = ahead - NEAR_THE_FRONT;
        long nanos = sinceQueued.toNanos() / Math.max(1, first - ahead) * way / 2;
        return Duration.ofNanos(Math.max(MIN_POLL, Math.min(nanos, MAX_POLL * Math.min(way, PART))));
    }

    /**
     * Returns the interval between checks for dead processes ahead, without reading the file, while commits are
     * notified.
     */
    Duration untilLivenessCheck() {
        return between(MIN_LIVENESS, MAX_LIVENESS);
    }

    /**
     * Returns the interval between liveness checks. Requests far back check rarely, because those ahead of them check
     * too.
     */
    Duration untilFullCheck() {
        return isNearTheFront()
                ? between(MIN_LIVENESS, MAX_FULL_CHECK)
                : untilLivenessCheck().multipliedBy(1 + Math.min(ahead, PART));
    }

    private Duration between(long min, long max) {
        return Duration.ofNanos(Math.min(Math.max(sinceChange.toNanos() / PART, min), max));
    }
}
