package dev.fencepost.benchmarks.processes;

import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;

/**
 * When to begin the next operation. At a rate, beginnings are set in advance, at random as from many independent
 * sources, and do not wait for earlier operations to end: whoever is late has its delay counted, so that no omission is
 * coordinated with what is measured. The system's timers wake some tens of microseconds late, which is counted too. Not
 * safe for use by many threads.
 */
final class Pacer {
    private final double gapNanos;
    private long next = System.nanoTime();

    /**
     * Begins now.
     *
     * @param perSecond how many operations a second on average; 0 for as many as there can be, one after the other
     */
    Pacer(long perSecond) {
        this.gapNanos = perSecond == 0 ? 0 : 1e9 / perSecond;
    }

    /** Waits until the next operation should begin, and says when that was. */
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
