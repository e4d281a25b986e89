package dev.fencepost.benchmarks.peers;

import java.util.OptionalLong;

/**
 * Commits if a key still has the version that the process saw last, and retries at once with the current version after
 * a refusal. All threads share the last seen versions, as they would share a cache. So without contention a commit is
 * one conditional write and no read, for every peer.
 */
abstract class OptimisticWorker implements Peer.Worker {
    private final LastSeenVersions seen;

    OptimisticWorker(LastSeenVersions seen) {
        this.seen = seen;
    }

    @Override
    public final boolean commit(int key) throws Exception {
        while (true) {
            long before = seen.version(key);
            OptionalLong standing = attempt(key, before);
            if (standing.isEmpty()) {
                seen.note(key, before + 1);
                return true;
            }
            seen.correct(key, standing.getAsLong());
        }
    }

    /**
     * Writes the next version of a key if it still has this version.
     *
     * @return empty if it was committed, otherwise the current version
     */
    abstract OptionalLong attempt(int key, long version) throws Exception;
}
