package dev.fencepost.event;

import dev.fencepost.Claim;
import dev.fencepost.FencedException;
import dev.fencepost.Transaction;
import dev.fencepost.Writer;
import java.util.List;
import java.util.function.Consumer;

/**
 * Changes that one consumer has claimed. No other consumer gets them while the claim is held. If the batch is closed
 * without {@link #acknowledge} or {@link #project}, a consumer gets the changes again. Safe for use by many threads.
 *
 * @see ChangeFeed#claimBatch
 */
public interface ClaimedBatch<E> extends AutoCloseable {
    /** Returns the changes, in order; never empty. */
    List<E> changes();

    /** Returns the sequence of the end of the batch. */
    long through();

    /** Returns the claim on the cursor. */
    Claim claim();

    /**
     * Acknowledges the changes: moves the cursor past them, and releases the claim.
     *
     * @throws FencedException if the claim has been lost; another consumer then gets the changes, or already has them
     */
    void acknowledge();

    /**
     * Writes, and acknowledges the changes in the same commit: both happen, or neither. The function may run again; see
     * {@link Writer#transact}.
     *
     * @throws FencedException if the claim has been lost; nothing was written
     */
    void project(Consumer<? super Transaction> work);

    /** Releases the claim. Idempotent. */
    @Override
    void close();
}
