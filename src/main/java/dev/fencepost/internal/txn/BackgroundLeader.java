package dev.fencepost.internal.txn;

import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Leads when members are queued that nobody waits for. One thread, made when it is first needed; it sleeps while there is
 * nothing to do.
 */
final class BackgroundLeader implements AutoCloseable {
    private final Runnable lead;
    private volatile @Nullable Thread thread;
    private volatile boolean closed;

    /**
     * A leader.
     *
     * @param lead leads until the queue is empty or somebody else leads, who will wake this one if need be
     */
    BackgroundLeader(Runnable lead) {
        this.lead = lead;
    }

    /** Sees to it that what is in the queue now will be led by somebody. */
    void wake() {
        if (closed) {
            lead.run();
        } else {
            Thread present = thread;
            LockSupport.unpark(present == null ? start() : present);
        }
    }

    private synchronized @Nullable Thread start() {
        if (thread == null) {
            Thread fresh = new Thread(this::run, "fencepost-committer");
            fresh.setDaemon(true);
            thread = fresh;
            fresh.start();
        }
        return thread;
    }

    private void run() {
        while (!closed) {
            lead.run();
            LockSupport.park(this);
        }
    }

    /** Ends the thread; does not wait for it. What is in the queue is led here, and later by whoever wakes this. */
    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
        lead.run();
    }
}
