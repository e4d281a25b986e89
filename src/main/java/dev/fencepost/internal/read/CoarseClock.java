package dev.fencepost.internal.read;

import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Lets what was looked at age, for readers who cannot afford to ask the time: a counter, one for the process, that moves
 * on some 20 ms after somebody has said that he rests on it. Nobody else makes it move, so a process whose stores are at
 * rest is not woken for it; its thread is a daemon, and ends when it has had nothing to do for a second. Safe for use by
 * many threads.
 */
public final class CoarseClock {
    /** A tick that is never the present one. */
    static final long NEVER = -1;

    private static final long LENGTH_MILLIS = 20;
    private static final long IDLE_MILLIS = 1_000;
    private static final AtomicLong COUNT = new AtomicLong();
    private static final AtomicBoolean AWAITED = new AtomicBoolean();
    private static final ScheduledThreadPoolExecutor THREAD = thread();

    private CoarseClock() {}

    /** The present tick. */
    static long present() {
        return COUNT.get();
    }

    /** The present tick, which will have passed some 20 ms from now at the latest. */
    public static long begin() {
        // Read first: if the next tick is already awaited, it has not yet come.
        long present = COUNT.get();
        if (!AWAITED.get() && AWAITED.compareAndSet(false, true)) {
            try {
                Future<?> unused = THREAD.schedule(CoarseClock::pass, LENGTH_MILLIS, TimeUnit.MILLISECONDS);
            } catch (RuntimeException | Error e) {
                // No thread could be had; whoever asks next tries again.
                AWAITED.set(false);
                throw e;
            }
        }
        return present;
    }

    private static void pass() {
        AWAITED.set(false);
        COUNT.incrementAndGet();
    }

    private static ScheduledThreadPoolExecutor thread() {
        ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(1, work -> {
            Thread thread = new Thread(work, "fencepost-tick");
            thread.setDaemon(true);
            return thread;
        });
        executor.setKeepAliveTime(IDLE_MILLIS, TimeUnit.MILLISECONDS);
        executor.allowCoreThreadTimeOut(true);
        return executor;
    }
}
