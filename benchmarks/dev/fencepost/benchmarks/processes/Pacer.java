package dev.fencepost.benchmarks.processes;

import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;

/**
 * The schedule of operations. At a given rate, start times are random, like those of many independent sources, and do
 * not depend on the end of earlier operations. The delay of a late operation counts, which avoids coordinated omission.
 * The system's timers wake some tens of microseconds late, which counts too. Not thread-safe.
 */
final class Pacer {
    private final double gapNanos;
    private long next = System.nanoTime();

    /**
     * Starts the schedule now.
     *
     * @param perSecond the mean number of operations per second; 0 for one after the other without a pause
     */
    Pacer(long perSecond) {
        this.gapNanos = perSecond == 0 ? 0 : 1e9 / perSecond;
    }

    /** Waits for the next start time and returns it. */
    long await() {
        if (gapNanos == 0) {
            return System.nanoTime();
        }
        next += (long) (-Math.log(1 - ThreadLocalRandom.current().nextDouble()) * gapNanos);
        for (long left = next - System.nanoTime(); left > 0; left = next - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
        return next;
    }
}
