package dev.fencepost.internal.sqlite;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs an action when a wait that cannot be bounded by itself has lasted too long. Its thread is created at the first
 * wait, and ends when there has been no wait for some time. It costs a wait no more than two writes to memory.
 */
final class Watchdog implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Watchdog.class);

    /** The number of checks during one bound. A wait may exceed the bound by the interval between two checks. */
    private static final int LOOKS = 4;

    private static final int IDLE_LOOKS = 40;

    private final BooleanSupplier action;
    private final long boundNanos;
    private volatile long since;
    private volatile boolean waiting;
    private volatile boolean closed;
    private volatile @Nullable Thread thread;

    /**
     * Creates a watchdog.
     *
     * @param action returns whether it has ended the wait; if not, the bound begins anew
     */
    Watchdog(BooleanSupplier action, Duration bound) {
        this.action = action;
        this.boundNanos = bound.toNanos();
    }

    /** Begins a wait. */
    void begin() {
        since = System.nanoTime();
        waiting = true;
        if (thread == null) {
            start();
        }
    }

    /** Ends a wait. After this has returned, the action does not run for it. */
    void end() {
        waiting = false;
        synchronized (this) {
            // If the action was about to run, it has run by now, or the watchdog finds that the wait is over.
        }
    }

    private synchronized void start() {
        if (thread == null && !closed) {
            Thread fresh = new Thread(this::watch, "fencepost-watchdog");
            fresh.setDaemon(true);
            thread = fresh;
            fresh.start();
        }
    }

    private void watch() {
        int idle = 0;
        while (!closed) {
            LockSupport.parkNanos(boundNanos / LOOKS);
            idle = waiting ? 0 : idle + 1;
            synchronized (this) {
                if (waiting && System.nanoTime() - since > boundNanos) {
                    waiting = !act();
                    since = System.nanoTime();
                }
                if (idle > IDLE_LOOKS) {
                    // In this order: a wait that begins now either finds no thread, or is seen here.
                    thread = null;
                    if (!waiting) {
                        return;
                    }
                    thread = Thread.currentThread();
                }
            }
        }
    }

    private boolean act() {
        try {
            return action.getAsBoolean();
        } catch (RuntimeException | Error e) {
            // Without this thread, a wait could last forever.
            LOG.warn("Ending an overdue wait failed; it is retried", e);
            return false;
        }
    }

    @Override
    public void close() {
        closed = true;
        Thread running = thread;
        if (running != null) {
            LockSupport.unpark(running);
        }
    }
}
