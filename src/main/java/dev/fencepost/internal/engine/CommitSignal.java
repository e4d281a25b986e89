package dev.fencepost.internal.engine;

/** A source of signals of commits of any process. Safe for use by many threads. */
public interface CommitSignal extends AutoCloseable {
    /** The receiver of signals. */
    interface Listener {
        /** Handles a possible commit; returns whether a wait ended by it. */
        boolean signalled();

        /** Returns whether any thread waits for a commit. */
        boolean isWaiting();
    }

    /**
     * Starts to signal if necessary. It may end by itself when no thread waits.
     *
     * @return whether commits are signalled from now on; otherwise waiters must poll
     */
    boolean begin();

    @Override
    void close();
}
