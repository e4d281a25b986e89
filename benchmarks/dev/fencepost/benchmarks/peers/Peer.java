package dev.fencepost.benchmarks.peers;

import dev.fencepost.Durability;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;

/**
 * One way of making the commit, open and filled: each key is there at version 1. Its workers are used by one thread each,
 * everything else by one thread while no worker is at work.
 */
interface Peer extends AutoCloseable {
    /** Opens a peer in an empty folder, which is its own. */
    @FunctionalInterface
    interface Opener {
        Peer open(Path folder, Durability durability, int keys) throws Exception;
    }

    /** What one thread commits with. */
    interface Worker extends AutoCloseable {
        /**
         * Makes one commit on this key, trying again for as long as it is refused; returns when it is as durable as asked.
         *
         * @return false if the peer gave up; then nothing was committed
         */
        boolean commit(int key) throws Exception;

        @Override
        default void close() throws IOException, SQLException {}
    }

    /** A worker for a thread. */
    Worker worker() throws Exception;

    /** Counts what is there, after the workers were closed. */
    VerificationTotals tally() throws Exception;

    /** Ends it; called also after a failure. */
    @Override
    void close() throws IOException, SQLException;
}
