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
     * Makes the commit depend on a claim: it is applied only while the claim is held, and may write the claim's keys.
     * A transaction started with {@link Claim#transact} depends on that claim already.
     */
    void under(Claim claim);
}
