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

    /**
     * What the commit that wrote a version rested on: what its transaction read, and of what it demanded something. To be
     * found only of commits made through a store {@linkplain StoreConfig#withProvenance that keeps it}.
     *
     * @return in the order of kinds and names; empty if the commit rested on nothing, or nothing of it was kept
     * @throws NoLongerKeptException if the version has been let go
     * @throws InvalidInputException if it does not exist
     */
    <T> List<Belief> beliefs(Key<T> key, long version);

    /**
     * The newest refusals, newest first: who was refused, by whom, and why. To be found only of what was refused through a
     * store {@linkplain StoreConfig#withProvenance that keeps them}; the newest 100,000 stay.
     *
     * @param limit how many at most; at least 1
     */
    List<KeptRefusal> refusals(int limit);
}
