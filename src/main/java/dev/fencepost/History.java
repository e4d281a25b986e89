package dev.fencepost;

import java.util.List;
import java.util.Optional;

/** The versions of keys, as they were written. Safe for use by many threads. */
public interface History {
    /** All versions of a key, tombstones included, newest first. */
    default <T> List<Change<T>> of(Key<T> key) {
        return of(key, Integer.MAX_VALUE);
    }

    /**
     * The newest versions of a key, tombstones included, newest first.
     *
     * @param limit how many at most; at least 1
     */
    <T> List<Change<T>> of(Key<T> key, int limit);

    /** One version of a key; empty if there never was one of that number. */
    <T> Optional<Change<T>> version(Key<T> key, long version);
}
