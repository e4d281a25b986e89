package dev.fencepost.internal.util;

import dev.fencepost.RetryPolicy;
import dev.fencepost.WaitInterruptedException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * The only place that lets time pass and measures it: by a clock that only ever goes forward, so that a wait is as long
 * as it should be whatever happens to the time of day.
 */
public final class Deadline {
    /** A signal that another thread gives. */
    public interface Signal {
        /**
         * Waits for the signal.
         *
         * @param nanos the longest wait, in nanoseconds
         * @return whether the signal was given
         */
        boolean await(long nanos) throws InterruptedException;
    }

    private static final int MOST_DOUBLINGS = 30;

    private final long begin = System.nanoTime();
    private final long boundNanos;

    private Deadline(Duration bound) {
        this.boundNanos = bound.toNanos();
    }

    /** What that clock shows, in nanoseconds; only the difference of two such readings means anything. */
    public static long now() {
        return System.nanoTime();
    }

    /** Starts to measure towards a bound. */
    public static Deadline after(Duration bound) {
        return new Deadline(bound);
    }

    /** Whether the bound has been reached. */
    public boolean over() {
        return System.nanoTime() - begin >= boundNanos;
    }

    /** How long ago the measuring started. */
    public Duration elapsed() {
        return Duration.ofNanos(System.nanoTime() - begin);
    }

    /** How long it is until the bound; zero once that is reached. */
    public Duration remaining() {
        return Duration.ofNanos(left());
    }

    /**
     * Waits before attempt {@code attempt + 1}, for a random time up to a bound that doubles with each attempt.
     *
     * @param attempt counts the attempts made, from 1
     */
    public void backoff(int attempt, RetryPolicy retry) {
        sleep(delay(attempt, retry), "to try again");
    }

    /**
     * Starts to measure what {@link #backoff} would wait, for callers that also wait for something else.
     *
     * @param attempt counts the attempts made, from 1
     */
    public Deadline untilNext(int attempt, RetryPolicy retry) {
        return new Deadline(Duration.ofNanos(delay(attempt, retry)));
    }

    private long delay(int attempt, RetryPolicy retry) {
        long most = retry.maxDelay().toNanos();
        long bound = Math.min(most, retry.initialDelay().toNanos() << Math.min(attempt - 1, MOST_DOUBLINGS));
        return Math.min(randomUpTo(bound < 0 ? most : bound), left());
    }

    /** Waits until the bound. */
    public void toTheEnd(String what) {
        sleep(left(), what);
    }

    /** Waits for a random time around the given one, but not past the bound. */
    public void sleepJittered(Duration length, String what) {
        sleep(around(length), what);
    }

    /**
     * Waits for a signal, for a random time around the given one at most, and not past the bound.
     *
     * @return whether the signal was given
     */
    public boolean sleepJittered(Duration length, Signal signal, String what) {
        try {
            return signal.await(around(length));
        } catch (InterruptedException e) {
            throw interrupted(what, e);
        }
    }

    /**
     * Waits for a random time around the given one, but not past the bound, nor past the end of something.
     *
     * @return whether that has ended
     */
    public boolean sleepJittered(Duration length, CountDownLatch end, String what) {
        try {
            return end.await(around(length), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            throw interrupted(what, e);
        }
    }

    private long around(Duration length) {
        long nanos = length.toNanos();
        return Math.min(nanos / 2 + randomUpTo(nanos), left());
    }

    private long left() {
        return Math.max(boundNanos - (System.nanoTime() - begin), 0);
    }

    private static long randomUpTo(long nanos) {
        return nanos <= 0 ? 0 : ThreadLocalRandom.current().nextLong(nanos + 1);
    }

    private static void sleep(long nanos, String what) {
        try {
            TimeUnit.NANOSECONDS.sleep(nanos);
        } catch (InterruptedException e) {
            throw interrupted(what, e);
        }
    }

    private static WaitInterruptedException interrupted(String what, InterruptedException e) {
        Thread.currentThread().interrupt();
        return new WaitInterruptedException(what, e);
    }
}
