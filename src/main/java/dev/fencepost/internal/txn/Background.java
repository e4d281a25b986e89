package dev.fencepost.internal.txn;

import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Work that is done by a thread of its own whenever somebody asks for it. The thread is made when it is first asked, and
 * sleeps while there is nothing to do.
 */
final class Background implements AutoCloseable {
    private final String name;
    private final Runnable work;
    private volatile @Nullable Thread thread;
    private volatile boolean closed;

    /**
     * Work to be done later.
     *
     * @param name of the thread
     * @param work to do each time; must not throw
     */
    Background(String name, Runnable work) {
        this.name = name;
        this.work = work;
    }

    /**
     * Asks that the work be done once more from its beginning.
     *
     * @return whether it will be; not after closing
     */
    boolean ask() {
        if (!closed) {
            Thread present = thread;
            LockSupport.unpark(present == null ? start() : present);
        }
        return !closed;
    }

    private synchronized @Nullable Thread start() {
        if (thread == null) {
            Thread fresh = new Thread(this::run, name);
            fresh.setDaemon(true);
            thread = fresh;
            fresh.start();
        }
        return thread;
    }

    private void run() {
        while (!closed) {
            work.run();
            LockSupport.park(this);
        }
    }

    /** Ends the thread; does not wait for it. */
    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
    }
}
