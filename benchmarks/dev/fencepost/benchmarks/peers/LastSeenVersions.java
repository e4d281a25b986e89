package dev.fencepost.benchmarks.peers;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLongArray;

/** The newest version of each key that this process has seen. Thread-safe. */
final class LastSeenVersions {
    private final AtomicLongArray versions;

    /** Starts with all keys at version 1. */
    LastSeenVersions(int keys) {
        long[] first = new long[keys];
        Arrays.fill(first, 1);
        versions = new AtomicLongArray(first);
    }

    long version(int key) {
        return versions.get(key);
    }

    /** Records the version of a commit. */
    void note(int key, long version) {
        versions.accumulateAndGet(key, version, Math::max);
    }

    /**
     * Records the version in a refusal, even if it is older than the recorded one. Otherwise a peer that once exposed a
     * version and then lost it would refuse every later write.
     */
    void correct(int key, long version) {
        versions.set(key, version);
    }
}
