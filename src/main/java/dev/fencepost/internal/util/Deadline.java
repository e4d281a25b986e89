package dev.fencepost.internal.util;

import dev.fencepost.RetryPolicy;
import dev.fencepost.WaitInterruptedException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * A deadline on a monotonic clock, so that changes of the time of day do not affect waits. Outside of the package
 * {@code sql}, no other class sleeps or reads this clock.
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

    /** Returns the time of the monotonic clock, in nanoseconds. Only the difference of two readings has a meaning. */
    public static long now() {
        return System.nanoTime();
    }

    /** Creates a deadline at a duration from now. */
    public static Deadline after(Duration bound) {
        return new Deadline(bound);
    }

    /** Tells whether the deadline has passed. */
    public boolean over() {
        return System.nanoTime() - begin >= boundNanos;
    }

    /** Returns the time since this deadline was created. */
    public Duration elapsed() {
        return Duration.ofNanos(System.nanoTime() - begin);
    }

    /** Returns the time until the deadline; zero after it has passed. */
    public Duration remaining() {
        return Duration.ofNanos(left());
    }

    /**
     * Waits before attempt {@code attempt + 1}, for a random time up to a bound that doubles with each attempt. Never
     * waits past the deadline.
     *
     * @param attempt the number of attempts made, at least 1
     */
    public void backoff(int attempt, RetryPolicy retry) {
        sleep(delay(attempt, retry), "to try again");
    }

    /**
     * Creates a deadline at the end of the wait that {@link #backoff} would make, for callers that also wait for
     * another event.
     *
     * @param attempt the number of attempts made, at least 1
     */
    public Deadline untilNext(int attempt, RetryPolicy retry) {
        return new Deadline(Duration.ofNanos(delay(attempt, retry)));
    }

    private long delay(int attempt, RetryPolicy retry) {
        long most = retry.maxDelay().toNanos();
        long bound = Math.min(most, retry.initialDelay().toNanos() << Math.min(attempt - 1, MOST_DOUBLINGS));
        return Math.min(randomUpTo(bound < 0 ? most : bound), left());
    }

    /** Waits until the deadline. */
    public void toTheEnd(String what) {
        sleep(left(), what);
    }

    /** Waits for a random time of half to one and a half times a length, but not past the deadline. */
    public void sleepJittered(Duration length, String what) {
        sleep(around(length), what);
    }

    /**
     * Waits for a signal. The wait lasts at most a random time of half to one and a half times a length, and never
     * passes the deadline.
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
     * Waits for the end of an activity. The wait lasts at most a random time of half to one and a half times a length,
     * and never passes the deadline.
     *
     * @return whether the activity has ended
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
