package dev.fencepost;

/**
 * One run of a transaction's function: reads from one consistent cut, and writes that are kept back until the commit. It
 * reads its own writes, which have version 0 until they are committed. Only for the thread that runs the function, and only while it runs.
 *
 * @see Writer#transact
 */
public interface Transaction extends Reader {
    /** Writes a value when the transaction commits. */
    <T> void put(Key<T> key, T value);

    /** Deletes a key when the transaction commits; nothing happens if it is absent. */
    void delete(Key<?> key);

    /**
     * Appends an event to a stream when the transaction commits, behind all that others append before. Reading the stream
     * in this transaction does not show it. Its ID is looked for at the commit: if the stream has an event of this ID
     * and body already, nothing is appended. With another body, {@link Writer#transact} throws
     * {@link StreamConflictException}, and nothing is written.
     */
    <T> void append(EventStream<T> stream, NewEvent<T> event);

    /**
     * Makes the commit depend on a claim: it is applied only while the claim is held, and may write the claim's keys.
     * A transaction started with {@link Claim#transact} depends on that claim already.
     */
    void fencedBy(Claim claim);
}
