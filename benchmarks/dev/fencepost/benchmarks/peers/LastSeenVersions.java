package dev.fencepost.benchmarks.peers;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLongArray;

/** The newest version of each key that this process has seen. Safe for use by many threads. */
final class LastSeenVersions {
    private final AtomicLongArray versions;

    /** All keys are at version 1. */
    LastSeenVersions(int keys) {
        long[] first = new long[keys];
        Arrays.fill(first, 1);
        versions = new AtomicLongArray(first);
    }

    long version(int key) {
        return versions.get(key);
    }

    /** A commit made this version. */
    void note(int key, long version) {
        versions.accumulateAndGet(key, version, Math::max);
    }

    /**
     * A refusal named this version. It is believed even if it is older than what was noted: a peer that once let a version
     * be seen that did not stand would otherwise refuse for ever.
     */
    void correct(int key, long version) {
        versions.set(key, version);
    }
}
