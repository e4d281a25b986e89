package dev.fencepost.internal.util;

import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A process-wide tick counter that ages earlier checks, for readers that cannot afford to read the time. It advances
 * some 20 ms after a call of {@link #begin}. Nothing else advances it, so it does not wake a process whose stores are
 * idle. Its daemon thread ends after an idle second. Safe for use by many threads.
 */
public final class CoarseClock {
    /** A tick that is never the present one. */
    public static final long NEVER = -1;

    private static final long LENGTH_MILLIS = 20;
    private static final long IDLE_MILLIS = 1_000;
    private static final AtomicLong COUNT = new AtomicLong();
    private static final AtomicBoolean AWAITED = new AtomicBoolean();
    private static final ScheduledThreadPoolExecutor THREAD = thread();

    private CoarseClock() {}

    /** Returns the present tick. */
    public static long present() {
        return COUNT.get();
    }

    /** Returns the present tick, which ends some 20 ms from now at the latest. */
    public static long begin() {
        // Read first: if the next tick is already scheduled, it has not yet begun.
        long present = COUNT.get();
        if (!AWAITED.get() && AWAITED.compareAndSet(false, true)) {
            try {
                Future<?> unused = THREAD.schedule(CoarseClock::pass, LENGTH_MILLIS, TimeUnit.MILLISECONDS);
            } catch (RuntimeException | Error e) {
                // No thread was available; the next caller tries again.
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
            Thread thread = new Thread(work, "fencepost-coarse-clock");
            thread.setDaemon(true);
            return thread;
        });
        executor.setKeepAliveTime(IDLE_MILLIS, TimeUnit.MILLISECONDS);
        executor.allowCoreThreadTimeOut(true);
        return executor;
    }
}
