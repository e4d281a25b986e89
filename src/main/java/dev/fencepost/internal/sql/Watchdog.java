package dev.fencepost.internal.sql;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does something when a wait that cannot be bounded by itself has lasted too long. Its thread is made at the first wait,
 * ends when there has been none for a while, and costs a wait nothing but two writes to memory.
 */
final class Watchdog implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Watchdog.class);

    /** How many times it looks during one bound; a wait may last longer than the bound by one such part. */
    private static final int LOOKS = 4;

    private static final int IDLE_LOOKS = 40;

    private final BooleanSupplier action;
    private final long boundNanos;
    private volatile long since;
    private volatile boolean waiting;
    private volatile boolean closed;
    private volatile @Nullable Thread thread;

    /**
     * A watchdog.
     *
     * @param action returns whether the wait is over by it; if not, the bound begins anew
     */
    Watchdog(BooleanSupplier action, Duration bound) {
        this.action = action;
        this.boundNanos = bound.toNanos();
    }

    /** A wait begins. */
    void begin() {
        since = System.nanoTime();
        waiting = true;
        if (thread == null) {
            start();
        }
    }

    /** The wait is over. Once this has returned, nothing is done on its account any more. */
    void end() {
        waiting = false;
        synchronized (this) {
            // Whoever is about to act has done so, or sees that there is nothing to do.
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
            LOG.warn("A wait that lasts too long could not be ended; this is tried again", e);
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
