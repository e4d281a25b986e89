package dev.fencepost;

import dev.fencepost.event.EventStream;
import dev.fencepost.event.NewEvent;

/**
 * One run of a transaction's function, with reads from one consistent snapshot and writes that are buffered until the
 * commit. It reads its own writes, which have version 0 until they are committed. Only the thread that runs the
 * function may use it, and only during the run.
 *
 * @see Writer#transact
 */
public interface Transaction extends Reader {
    /** Writes a value when the transaction commits. */
    <T> void put(Key<T> key, T value);

    /** Deletes a key when the transaction commits; has no effect if the key is absent. */
    void delete(Key<?> key);

    /**
     * Appends an event to the end of a stream when the transaction commits, after all events of earlier commits.
     * Reading the stream in this transaction does not show it. The commit looks for its ID: if the stream already has
     * an event of this ID and body, nothing is appended. With another body, {@link Writer#transact} throws
     * {@link StreamConflictException}, and nothing is written.
     */
    <T> void append(EventStream<T> stream, NewEvent<T> event);

    /**
     * Makes the commit depend on a claim. It is applied only while the claim is held, and may write the claim's keys. A
     * transaction started with {@link Claim#transact} depends on that claim already.
     */
    void fencedBy(Claim claim);
}
