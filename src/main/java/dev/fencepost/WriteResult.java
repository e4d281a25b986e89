package dev.fencepost;

/**
 * The result of a write: committed, or refused because another writer came first.
 *
 * @param <T> the type of the value
 */
public sealed interface WriteResult<T> permits Committed, Conflict, Claimed {
    /** Returns the key of the write. */
    Key<T> key();

    /**
     * Returns the committed write.
     *
     * @throws ConflictException if a precondition did not hold
     * @throws ClaimedException if another holder has the key
     */
    Committed<T> orThrow();

    /** Returns whether the write was committed. */
    default boolean isCommitted() {
        return this instanceof Committed<T>;
    }
}
