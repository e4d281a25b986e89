package dev.fencepost.internal.commit;

import dev.fencepost.internal.sql.Patience;
import java.util.List;
import java.util.Optional;

/**
 * Runs batches of members; so that every order of those who queue, lead and wait can be tried. Used by one leader at a
 * time, but for what says otherwise.
 */
interface BatchExecutor extends AutoCloseable {
    /** Gives every member its outcome. */
    void run(List<QueuedTask<?>> batch);

    /** Returns the deadline for the write lock of a member that is put into the queue now. For any thread. */
    Patience patience();

    /** Waits for this process's turn, where processes take turns. */
    void takeTurn();

    /** Whether others are kept waiting for somebody here. For any thread. */
    boolean hasTurn();

    /** Nobody here will commit at once: lets the others pass. */
    void leaveTurn();

    /**
     * Waits for the disk. For any thread.
     *
     * @return whether all that was in the log is on the disk; if not, a transaction mends it
     */
    boolean awaitDurable();

    /** The number of this process in the store, if it has written anything. For any thread. */
    Optional<Long> process();

    @Override
    void close();
}
