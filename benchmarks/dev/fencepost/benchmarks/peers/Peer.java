package dev.fencepost.benchmarks.peers;

import dev.fencepost.Durability;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;

/**
 * One way to make the commit. It is open, and each key has version 1. Each worker is for one thread. The other methods
 * are for one thread while no worker runs.
 */
interface Peer extends AutoCloseable {
    /** Opens a peer in an empty folder of its own. */
    @FunctionalInterface
    interface Opener {
        Peer open(Path folder, Durability durability, int keys) throws Exception;
    }

    /** The commits of one thread. */
    interface Worker extends AutoCloseable {
        /**
         * Makes one commit on this key, retries while it is refused, and returns when it is durable.
         *
         * @return false if the peer gave up; then nothing was committed
         */
        boolean commit(int key) throws Exception;

        @Override
        default void close() throws IOException, SQLException {}
    }

    /** Creates a worker for a thread. */
    Worker worker() throws Exception;

    /** Counts the stored versions after the workers are closed. */
    VerificationTotals tally() throws Exception;

    /** Closes the peer; called after a failure as well. */
    @Override
    void close() throws IOException, SQLException;
}
