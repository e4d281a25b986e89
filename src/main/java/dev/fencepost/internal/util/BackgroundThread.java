package dev.fencepost.internal.util;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Work that a daemon thread does in passes: one after each pause, and one whenever it is asked. The thread is made when
 * it is first needed.
 *
 * <p>It ends when it is closed, at once if it pauses, and only then: a pass that throws, be it an {@link Error}, is logged
 * and followed by the next. Safe for use by many threads.
 */
public final class BackgroundThread implements AutoCloseable {
    /** The pause after which there is no other pass, unless one is asked for. */
    public static final Duration UNTIL_ASKED = Duration.ofNanos(Long.MAX_VALUE);

    private static final Logger LOG = LoggerFactory.getLogger(BackgroundThread.class);

    private final String name;
    private final Supplier<Duration> pass;
    private final Duration afterFailure;
    private final Semaphore asked = new Semaphore(0);
    private volatile @Nullable Thread thread;
    private volatile boolean closed;

    /**
     * Work that has not begun.
     *
     * @param name of the thread
     * @param pass does the work once, and returns the pause until the next pass
     * @param afterFailure the pause after a pass that threw
     */
    public BackgroundThread(String name, Supplier<Duration> pass, Duration afterFailure) {
        this.name = name;
        this.pass = pass;
        this.afterFailure = afterFailure;
    }

    /** Creates work that is done each time that it is asked for. */
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
     * Asks for a pass from its beginning.
     *
     * @return whether there will be one; not after closing
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

    /** Begins, with the first pass after a pause; does nothing if it has begun or is closed. */
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
            // The thread has no other user: an interrupt came from the work, which may be a caller's function.
            boolean unused = Thread.interrupted();
            if (!pause.isZero() && !awaitPass(pause)) {
                continue;
            }
            asked.drainPermits();
            pause = closed ? pause : passOnce();
        }
    }

    /** Returns false if it was interrupted. */
    private boolean awaitPass(Duration pause) {
        try {
            boolean unused = asked.tryAcquire(pause.toNanos(), TimeUnit.NANOSECONDS);
            return true;
        } catch (InterruptedException e) {
            // Nobody interrupts this thread while it pauses; if one does, the pause begins anew.
            return false;
        }
    }

    private Duration passOnce() {
        try {
            return pass.get();
        } catch (Throwable e) {
            // A caller's function can throw anything, checked exceptions included.
            if (!closed) {
                LOG.warn("The background work '{}' failed; it goes on", name, e);
            }
            return afterFailure;
        }
    }

    /** Returns whether it was closed, so that no other pass begins. */
    public boolean isClosed() {
        return closed;
    }

    /** Returns whether it was closed, and its last pass has ended. */
    boolean isOver() {
        Thread running = running();
        return closed && (running == null || !running.isAlive());
    }

    /** Ends the work, and does not wait for a pass that is under way. */
    @Override
    public void close() {
        closed = true;
        asked.release();
    }

    /**
     * Waits until a pass that is under way has ended, after {@link #close}; not if that is the caller's. Keeps the flag of
     * an interrupted thread.
     *
     * @return whether it has ended
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

    /** Its thread, which a caller may be about to start. */
    private synchronized @Nullable Thread running() {
        return thread;
    }

    @Override
    public String toString() {
        return name;
    }
}
