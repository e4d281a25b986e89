package dev.fencepost.history;

import dev.fencepost.Change;
import dev.fencepost.InvalidInputException;
import dev.fencepost.Key;
import dev.fencepost.Page;
import dev.fencepost.ResultTooLargeException;
import dev.fencepost.StoreConfig;
import java.util.List;
import java.util.function.BiFunction;

/**
 * The versions of keys, as they were written, with the read sets of commits and the recorded refusals. Safe for use by
 * many threads.
 */
public interface History {
    /**
     * Returns all versions of a key that are kept, tombstones included, newest first. Up to {@link Page#MAX_ENTRIES}
     * versions and {@link Page#MAX_LIST_BYTES} bytes of text.
     *
     * @throws ResultTooLargeException if there are more; use {@link #of(Key, long, int)} or {@link #fold}
     */
    <T> List<Change<T>> of(Key<T> key);

    /**
     * Returns the newest versions of a key, tombstones included, newest first.
     *
     * @param limit the most versions, from 1 to {@link Page#MAX_ENTRIES}
     * @throws InvalidInputException if the limit is out of bounds
     */
    default <T> Page<Change<T>> of(Key<T> key, int limit) {
        return of(key, Long.MAX_VALUE, limit);
    }

    /**
     * Returns a page of the versions of a key, tombstones included, newest first.
     *
     * @param before the number of the version before which to begin, at least 1; it need not exist
     * @param limit the most versions, from 1 to {@link Page#MAX_ENTRIES}
     * @throws InvalidInputException if the number or the limit is out of bounds
     */
    <T> Page<Change<T>> of(Key<T> key, long before, int limit);

    /**
     * Looks up one version of a key.
     *
     * @return one of five cases: latest, retained, pruned, not yet written, or of a key that never existed
     * @throws InvalidInputException if the number is below 1
     */
    <T> VersionLookup<T> version(Key<T> key, long version);

    /**
     * Folds all versions of a key from the first to the newest, tombstones included, a few at a time.
     *
     * @param step the function from a state and the next version to the new state
     * @throws PrunedException if the first versions have been pruned
     */
    <T, R> R fold(Key<T> key, R initial, BiFunction<? super R, ? super Change<T>, ? extends R> step);

    /**
     * Returns the dependencies of the commit that wrote a version: the read set of its transaction, and the targets of
     * its preconditions. They are recorded only for commits through a store {@linkplain StoreConfig#withProvenance with
     * provenance}.
     *
     * @return the dependencies, ordered by kind and name; empty if the commit had none, or none were recorded
     * @throws PrunedException if the version has been pruned
     * @throws InvalidInputException if the version does not exist
     * @throws ResultTooLargeException if there are more than {@link Page#MAX_ENTRIES}; use {@link #dependencies(Key,
     *     long, long, int)}
     */
    <T> List<ReadDependency> dependencies(Key<T> key, long version);

    /**
     * Returns a page of the dependencies of the commit that wrote a version; see {@link #dependencies(Key, long)}.
     *
     * @param after the number of entries to skip; 0 begins with the first. The entries of a commit do not change
     * @param limit the most entries, from 1 to {@link Page#MAX_ENTRIES}
     * @throws PrunedException if the version has been pruned
     * @throws InvalidInputException if the version does not exist, or a number is out of bounds
     */
    <T> Page<ReadDependency> dependencies(Key<T> key, long version, long after, int limit);

    /**
     * Returns the newest refusals; see {@link #refusals(long, int)}.
     *
     * @param limit the most refusals, from 1 to {@link Page#MAX_ENTRIES}
     * @throws InvalidInputException if the limit is out of bounds
     */
    default Page<RefusalRecord> refusals(int limit) {
        return refusals(Long.MAX_VALUE, limit);
    }

    /**
     * Returns a page of the refusals, newest first. Each names the refused agent, the reason, and the agent that caused
     * the refusal, if known. Refusals are recorded only through a store {@linkplain StoreConfig#withProvenance with
     * provenance}; the newest 100,000 are kept.
     *
     * @param before the {@linkplain RefusalRecord#number() number} before which to begin, at least 1
     * @param limit the most refusals, from 1 to {@link Page#MAX_ENTRIES}
     * @throws InvalidInputException if the number or the limit is out of bounds
     */
    Page<RefusalRecord> refusals(long before, int limit);
}
