package dev.fencepost;

/**
 * How a write ended, where nothing went wrong but somebody else may have been first.
 *
 * @param <T> the type of the value
 */
public sealed interface WriteResult<T> permits Committed, Conflict, Claimed {
    /** The key that was to be written. */
    Key<T> key();

    /**
     * The committed write.
     *
     * @throws ConflictException if a precondition did not hold
     * @throws ClaimedException if another holder has the key
     */
    Committed<T> orThrow();

    /** Whether the write was committed. */
    default boolean isCommitted() {
        return this instanceof Committed<T>;
    }
}
