package dev.fencepost;

import java.util.List;
import java.util.function.Consumer;

/**
 * Changes that were taken by a cursor, and that nobody else gets while its claim is held. Close it without
 * {@link #acknowledge} or {@link #project}, and somebody gets them again. Safe for use by many threads.
 *
 * @see ChangeFeed#claimBatch
 */
public interface ClaimedBatch<E> extends AutoCloseable {
    /** The changes, in order; never empty. */
    List<E> changes();

    /** The place in the order of the store up to which they go. */
    long through();

    /** The claim under which they were taken. */
    Claim claim();

    /**
     * Says that they are done: the cursor moves past them, and the claim is given back.
     *
     * @throws FencedException if the claim has been lost in the meantime; then somebody else gets them, or has them
     */
    void acknowledge();

    /**
     * Writes, and says that they are done, in one commit: both, or neither. The function may run again; see
     * {@link Writer#transact}.
     *
     * @throws FencedException if the claim has been lost in the meantime; nothing was written
     */
    void project(Consumer<? super Transaction> work);

    /** Gives the claim back. Idempotent. */
    @Override
    void close();
}
