package dev.fencepost.internal.saga;

import dev.fencepost.StoreClosedException;
import dev.fencepost.WaitInterruptedException;
import dev.fencepost.internal.read.CommitNotifier;
import dev.fencepost.internal.util.Deadline;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tracks the sagas that the agents of one store coordinate, so that the store can close between steps. Thread-safe. */
public final class RunningSagas {
    /** The key under which waiters listen for the closing of the store. */
    static final String CLOSING = "closing";

    private static final Logger LOG = LoggerFactory.getLogger(RunningSagas.class);

    private final CommitNotifier notifier;
    private final Map<Thread, Integer> coordinators = new HashMap<>();
    private final CountDownLatch idle = new CountDownLatch(1);
    private volatile boolean closing;
    private @Nullable Thread closer;

    public RunningSagas(CommitNotifier notifier) {
        this.notifier = notifier;
    }

    boolean isClosing() {
        return closing;
    }

    /**
     * Checks that something new may begin.
     *
     * @throws StoreClosedException if the store is closing
     */
    void demandOpen() {
        if (closing) {
            throw new StoreClosedException();
        }
    }

    /** Notes that this thread begins to coordinate a saga; {@link #leave} must follow. */
    synchronized void enter() {
        demandOpen();
        coordinators.merge(Thread.currentThread(), 1, Integer::sum);
    }

    synchronized void leave() {
        coordinators.computeIfPresent(Thread.currentThread(), (thread, runs) -> runs == 1 ? null : runs - 1);
        noteIdle();
    }

    private void noteIdle() {
        // A step may close the store. It must not wait for its own end.
        boolean others = coordinators.keySet().stream().anyMatch(thread -> thread != closer);
        if (closing && !others) {
            idle.countDown();
        }
    }

    /**
     * Stops further steps from beginning, and waits until those that run have ended. A step that calls this does not
     * wait for itself.
     *
     * @param wait the longest wait
     */
    public void drain(Duration wait) {
        synchronized (this) {
            closing = true;
            closer = Thread.currentThread();
            noteIdle();
        }
        notifier.notifyKeys(List.of(CLOSING));
        try {
            if (!Deadline.after(wait).sleepJittered(wait.multipliedBy(2), idle, "for running steps to end")) {
                LOG.warn(
                        "Saga steps still run after {}; the store closes, and other processes may run them again",
                        wait);
            }
        } catch (WaitInterruptedException e) {
            LOG.warn("The wait for running saga steps was interrupted; other processes may run them again", e);
        }
    }
}
