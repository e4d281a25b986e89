package dev.fencepost.benchmarks.peers;

import dev.fencepost.Durability;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.stream.LongStream;

/**
 * One way to make the commit. It is open, and each key has version 1. Each worker is for one thread. The other methods
 * are for one thread while no worker runs.
 */
abstract class Peer implements AutoCloseable {
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

    /** The names of the keys. */
    final String[] keys;

    /** The newest version of each key that this process has seen. */
    private final AtomicLongArray seen;

    Peer(int keys) {
        this.keys = BenchmarkValues.keys(keys);
        this.seen = new AtomicLongArray(LongStream.generate(() -> 1).limit(keys).toArray());
    }

    /** Creates a worker for a thread. */
    abstract Worker worker() throws Exception;

    /** Returns the other processes that work for this peer. */
    List<ProcessHandle> servers() {
        return List.of();
    }

    /** Counts the stored versions after the workers are closed. */
    abstract VerificationTotals tally() throws Exception;

    /** Closes the peer; called after a failure as well. */
    @Override
    public abstract void close() throws IOException, SQLException;

    /**
     * Commits if a key still has the version that the process saw last, and retries at once with the current version
     * after a refusal. All threads share the last seen versions, as they would share a cache. So without contention a
     * commit is one conditional write and no read, for every peer.
     */
    abstract class OptimisticWorker implements Worker {
        @Override
        public final boolean commit(int key) throws Exception {
            while (true) {
                long before = seen.get(key);
                OptionalLong current = attempt(key, before);
                if (current.isEmpty()) {
                    seen.accumulateAndGet(key, before + 1, Math::max);
                    return true;
                }
                // Even if it is older. A peer that once exposed a version and then lost it would refuse every later
                // write otherwise.
                seen.set(key, current.getAsLong());
            }
        }

        /**
         * Writes the next version of a key if it still has this version.
         *
         * @return empty if it was committed, otherwise the current version
         */
        abstract OptionalLong attempt(int key, long version) throws Exception;
    }
}
