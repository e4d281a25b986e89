package dev.fencepost;

import java.util.List;
import java.util.function.BiFunction;

/** The versions of keys, as they were written. Safe for use by many threads. */
public interface History {
    /** All versions of a key that are kept, tombstones included, newest first. */
    default <T> List<Change<T>> of(Key<T> key) {
        return of(key, Integer.MAX_VALUE);
    }

    /**
     * The newest versions of a key, tombstones included, newest first.
     *
     * @param limit how many at most; at least 1
     */
    <T> List<Change<T>> of(Key<T> key, int limit);

    /**
     * One version of a key.
     *
     * @return which of five it is: current, retained, evicted, future, or of a key that never existed
     * @throws InvalidInputException if the number is below 1
     */
    <T> VersionAnswer<T> version(Key<T> key, long version);

    /**
     * Folds all versions of a key from the first to the newest, tombstones included, a few at a time.
     *
     * @param step what a version makes of what came before it
     * @throws NoLongerKeptException if the first versions have been let go
     */
    <T, R> R fold(Key<T> key, R initial, BiFunction<? super R, ? super Change<T>, ? extends R> step);

    /**
     * Two versions of a key, by number.
     *
     * @throws NoLongerKeptException if one has been let go
     * @throws InvalidInputException if one does not exist
     */
    default <T> Comparison<T> compare(Key<T> key, long from, long to) {
        Change<T> before = version(key, from).orThrow();
        Change<T> after = version(key, to).orThrow();
        return new Comparison<>(before, after, before.value().equals(after.value()));
    }
}
