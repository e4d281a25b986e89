package dev.fencepost.internal.commit;

import dev.fencepost.internal.util.Patience;
import java.util.List;
import java.util.Optional;

/**
 * Runs batches of tasks. An interface, so that tests can try every order of queueing, leading and waiting. Only one
 * leader at a time uses it, except for the methods that are safe for any thread.
 */
interface BatchExecutor extends AutoCloseable {
    /** Runs the tasks, and gives each its outcome. */
    void run(List<QueuedTask<?>> batch);

    /** Sets the hook that hands over the claims that tasks end. Safe for any thread. */
    default void handOverBy(HandOver by) {}

    /** Returns the deadline for the write lock of a task that is queued now. Safe for any thread. */
    Patience patience();

    /**
     * Waits in the writer queue until this process is at its head. Does nothing if processes do not contend to write.
     */
    void takeTurn();

    /**
     * Returns whether this process keeps the head of the writer queue, so that other processes wait. Safe for any
     * thread.
     */
    boolean hasTurn();

    /** Leaves the head of the writer queue, because no caller in this process will commit at once. */
    void leaveTurn();

    /**
     * Waits until the WAL is on the disk. Safe for any thread.
     *
     * @return true if all of the WAL is on the disk; if false, the next transaction repairs it
     */
    boolean awaitDurable();

    /** Returns the number of this process in the store, if it has written anything. Safe for any thread. */
    Optional<Long> process();

    @Override
    void close();
}
