package dev.fencepost.benchmarks.peers;

import java.util.OptionalLong;

/**
 * Commits against the version that the process saw last, and tries again at once with the one that stands when it is
 * refused. All threads share what was seen, as they would share a cache; so where nobody else was first, a commit is one
 * conditional write and no read, and that is the same for every peer.
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
     * Writes the next version of a key if it is still at this one.
     *
     * @return empty if it was committed, otherwise the version that stands
     */
    abstract OptionalLong attempt(int key, long version) throws Exception;
}
