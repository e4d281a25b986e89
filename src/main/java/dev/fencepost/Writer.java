package dev.fencepost;

import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * Who can write: an {@link Agent}, or a {@link Claim} for writes that land only while the claim is held.
 *
 * <p>Every method commits before it returns: what it acknowledges survives the death of the process, and with
 * {@link Durability#POWER_LOSS} the loss of power. Ordinary contention is a value; {@link FencedException} is always
 * thrown. Safe for use by many threads.
 *
 * @see Store#agent(String)
 */
public interface Writer {
    /**
     * Writes a value whatever is there now. Where a claim of another holder stands, it is refused.
     *
     * @return {@link Committed}, or {@link Claimed}
     */
    @CheckReturnValue
    default <T> WriteResult<T> put(Key<T> key, T value) {
        return put(key, value, Precondition.none());
    }

    /**
     * Writes a value if the precondition holds at the moment of the commit.
     *
     * @return {@link Committed}, or {@link Conflict} with what is there now, or {@link Claimed}
     */
    @CheckReturnValue
    <T> WriteResult<T> put(Key<T> key, T value, Precondition<T> precondition);

    /**
     * Deletes a key. Deleting takes a version of its own, a tombstone, so that a key created again goes on counting. An
     * absent key is a {@link Conflict} whose {@link Conflict#actual()} is empty.
     */
    @CheckReturnValue
    default <T> WriteResult<T> delete(Key<T> key) {
        return delete(key, Precondition.ifPresent());
    }

    /**
     * Deletes a key if the precondition holds at the moment of the commit.
     *
     * @throws InvalidInputException if the precondition demands that the key is absent
     */
    @CheckReturnValue
    <T> WriteResult<T> delete(Key<T> key, Precondition<T> precondition);

    /**
     * Reads the value, applies the function, and writes the result if nobody wrote in between; otherwise again, with the
     * store's default {@link Retry}.
     *
     * @param change run again after each conflict, so it must have no effects of its own. It may be given what another
     *     thread of this process is just committing; what it makes of that is committed only if that is
     * @return what was written
     * @throws ConflictException if the key is absent
     * @throws RetriesExhaustedException if attempts or time ran out; carries the last refusal
     */
    <T> Versioned<T> update(Key<T> key, UnaryOperator<T> change);

    /** As {@link #update(Key, UnaryOperator)}, where an absent key is treated as if it held {@code initial}. */
    <T> Versioned<T> update(Key<T> key, T initial, UnaryOperator<T> change);

    /** As {@link #update(Key, Object, UnaryOperator)}, with a retry of its own. */
    <T> Versioned<T> update(Key<T> key, T initial, UnaryOperator<T> change, Retry retry);

    /**
     * Runs a function as one serializable transaction, with the store's default {@link Retry}.
     *
     * <p>The function reads one consistent cut of the store, without holding any lock, so it may take its time; its
     * writes are kept back until it returns. The commit is applied only if nothing that it read has changed since:
     * values, absences and prefixes included. Otherwise the function <strong>runs again</strong>, so it must have no
     * effects of its own: no messages, no files, no counters outside the transaction. If it throws, nothing is written.
     * Only what is read through the {@link Transaction} is part of it: a read of the {@link Store} inside the function is
     * neither from its cut nor validated.
     *
     * @return what the function returned in the run that was committed
     * @throws RetriesExhaustedException if attempts or time ran out; carries the last refusals; nothing was written
     * @throws FencedException if a claim that the transaction is made under has been lost; never retried
     */
    <R> R transact(Function<? super Transaction, ? extends R> work);

    /** As {@link #transact(Function)}, with a retry of its own. */
    <R> R transact(Function<? super Transaction, ? extends R> work, Retry retry);

    /**
     * Commits several writes at once, all or none, without running again.
     *
     * @return {@link CommitResult.Applied}, or {@link CommitResult.Refused} with every member that failed
     */
    @CheckReturnValue
    CommitResult commit(Writes writes);

    /**
     * Appends an event to a stream, wherever that ends now. If the stream has an event of this ID and body already, nothing
     * is written, and the stored event is returned: so a caller that does not know whether an append took place makes it
     * again. Bodies are equal if their codec writes the same text of the same shape.
     *
     * @throws StreamConflictException if the stream has an event of this ID with another body; nothing was written
     * @throws FencedException if a claim that the write is made under has been lost
     */
    default <T> Event<T> append(EventStream<T> stream, NewEvent<T> event) {
        Arguments.required(stream, "stream");
        Arguments.required(event, "event");
        return append(stream, List.of(event)).orThrow().events().get(0);
    }

    /**
     * Appends events to a stream, wherever that ends now; see {@link #append(EventStream, NewEvent)}.
     *
     * @return {@link Appended}, or {@link StreamConflict} if an ID was used before for another body
     */
    <T> AppendResult<T> append(EventStream<T> stream, List<NewEvent<T>> events);

    /**
     * Appends events to a stream if it ends with a certain one; or finds all of them there already.
     *
     * @param expected the number of that event, or 0 if there must be none
     * @return {@link Appended}, or {@link StreamConflict} if the stream ends elsewhere, or an ID was used before for
     *     another body
     */
    @CheckReturnValue
    <T> AppendResult<T> appendAfter(EventStream<T> stream, long expected, List<NewEvent<T>> events);

    /** The same write calls without waiting: each returns a stage that completes when its commit is durable. */
    AsyncWriter async();
}
