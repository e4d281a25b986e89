package dev.fencepost.internal.util;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A task that a daemon thread runs in passes: one after each pause, and one on each request. The thread is created when
 * it is first needed.
 *
 * <p>The task ends only when it is closed, and at once during a pause. An exception or {@link Error} of a pass is
 * logged, and the next pass follows. Safe for use by many threads.
 */
public final class BackgroundThread implements AutoCloseable {
    /** A pause without end: the next pass runs only on request. */
    public static final Duration UNTIL_ASKED = Duration.ofNanos(Long.MAX_VALUE);

    private static final Logger LOG = LoggerFactory.getLogger(BackgroundThread.class);

    private final String name;
    private final Supplier<Duration> pass;
    private final Duration afterFailure;
    private final Semaphore asked = new Semaphore(0);
    private volatile @Nullable Thread thread;
    private volatile boolean closed;

    /**
     * Creates a task that has not started.
     *
     * @param name the name of the thread
     * @param pass one pass of the task, which returns the pause until the next pass
     * @param afterFailure the pause after a pass that threw
     */
    public BackgroundThread(String name, Supplier<Duration> pass, Duration afterFailure) {
        this.name = name;
        this.pass = pass;
        this.afterFailure = afterFailure;
    }

    /** Creates a task that runs only on request. */
    public static BackgroundThread whenAsked(String name, Runnable work) {
        return new BackgroundThread(
                name,
                () -> {
                    work.run();
                    return UNTIL_ASKED;
                },
                UNTIL_ASKED);
    }

    /**
     * Requests a pass that begins after this call.
     *
     * @return true if there will be one; false after closing
     */
    public boolean ask() {
        if (!closed) {
            // A permit that is still there leads to a pass that begins after this.
            if (asked.availablePermits() == 0) {
                asked.release();
            }
            beginAfter(UNTIL_ASKED);
        }
        return !closed;
    }

    /** Starts the task, with the first pass after a pause. Does nothing if the task has started or is closed. */
    public void beginAfter(Duration pause) {
        if (thread == null) {
            start(pause);
        }
    }

    private synchronized void start(Duration pause) {
        if (thread == null && !closed) {
            Thread fresh = new Thread(() -> run(pause), name);
            fresh.setDaemon(true);
            fresh.start();
            thread = fresh;
        }
    }

    private void run(Duration first) {
        Duration pause = first;
        while (!closed) {
            // No other code uses this thread, so an interrupt is from the task, which may call a caller's function.
            boolean unused = Thread.interrupted();
            if (!pause.isZero() && !awaitPass(pause)) {
                continue;
            }
            asked.drainPermits();
            pause = closed ? pause : passOnce();
        }
    }

    /** Waits for the end of the pause or a request. Returns false if it was interrupted. */
    private boolean awaitPass(Duration pause) {
        try {
            boolean unused = asked.tryAcquire(pause.toNanos(), TimeUnit.NANOSECONDS);
            return true;
        } catch (InterruptedException e) {
            // Unexpected, since no code interrupts this thread while it pauses. The pause restarts.
            return false;
        }
    }

    private Duration passOnce() {
        try {
            return pass.get();
        } catch (Throwable e) {
            // A caller's function can throw anything, checked exceptions included.
            if (!closed) {
                LOG.warn("Background task '{}' failed; it is retried", name, e);
            }
            return afterFailure;
        }
    }

    /** Returns whether the task is closed, so that no other pass begins. */
    public boolean isClosed() {
        return closed;
    }

    /** Returns whether the task is closed and its last pass has ended. */
    boolean isOver() {
        Thread running = running();
        return closed && (running == null || !running.isAlive());
    }

    /** Closes the task, and does not wait for a running pass. */
    @Override
    public void close() {
        closed = true;
        asked.release();
    }

    /**
     * Waits, after {@link #close}, until a running pass has ended. Returns at once if the caller runs in that pass.
     * Keeps the interrupt flag of the calling thread.
     *
     * @param longest the maximum wait
     * @return true if no pass runs any more, or the caller runs in it
     */
    public boolean awaitEnd(Duration longest) {
        Thread running = running();
        if (running == null || running == Thread.currentThread()) {
            return true;
        }
        Deadline pause = Deadline.after(longest);
        boolean interrupted = false;
        while (running.isAlive() && !pause.over()) {
            try {
                TimeUnit.NANOSECONDS.timedJoin(
                        running, Math.max(1, pause.remaining().toNanos()));
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return !running.isAlive();
    }

    /** Returns the thread, which a caller may be about to start. */
    private synchronized @Nullable Thread running() {
        return thread;
    }

    @Override
    public String toString() {
        return name;
    }
}
