package dev.fencepost;

import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * The writes of an {@link Agent}, or of a {@link Claim}, whose writes land only while the claim is held.
 *
 * <p>Every method commits before it returns: what it acknowledges survives the death of the process, and with
 * {@link Durability#POWER_LOSS} the loss of power.
 *
 * <p>A write can be refused although nothing is wrong with it, because another writer came first. Each such method has two
 * forms. The plain form ({@link #put}, {@link #delete}, {@link #commit}, {@link #append}, {@link #appendAfter}) throws the
 * refusal, so that no write is lost without notice. The form that begins with {@code try} returns the refusal as a value,
 * for callers that expect one. Both write nothing then.
 *
 * <p>The contract is the same for agents and claims. Every write respects claims: a key that a claim holds is written only
 * under that claim, even by the agent that holds it. A claim may write other keys too, which then must not be held by another
 * claim. {@link FencedException} is thrown by both forms. Safe for use by many threads.
 *
 * @see Store#agent(String)
 */
public interface Writer {
    /**
     * Writes a value regardless of the present one.
     *
     * @throws ClaimedException if another claim holds the key, one of the same agent included; nothing was written
     * @throws FencedException if a claim that the write is made under has been lost; nothing was written
     */
    default <T> Committed<T> put(Key<T> key, T value) {
        return tryPut(key, value).orThrow();
    }

    /**
     * Writes a value if the precondition holds at the moment of the commit.
     *
     * @throws ConflictException if the precondition does not hold; it has the present value. Nothing was written
     * @throws ClaimedException as in {@link #put(Key, Object)}
     * @throws FencedException as in {@link #put(Key, Object)}
     */
    default <T> Committed<T> put(Key<T> key, T value, Precondition<T> precondition) {
        return tryPut(key, value, precondition).orThrow();
    }

    /**
     * Writes a value regardless of the present one, and returns a refusal.
     *
     * @return {@link Committed}, or {@link Claimed}
     * @throws FencedException if a claim that the write is made under has been lost; nothing was written
     */
    @CheckReturnValue
    default <T> WriteResult<T> tryPut(Key<T> key, T value) {
        return tryPut(key, value, Precondition.none());
    }

    /**
     * Writes a value if the precondition holds at the moment of the commit, and returns a refusal.
     *
     * @return {@link Committed}, or {@link Conflict} with the present value, or {@link Claimed}
     * @throws FencedException if a claim that the write is made under has been lost; nothing was written
     */
    @CheckReturnValue
    <T> WriteResult<T> tryPut(Key<T> key, T value, Precondition<T> precondition);

    /**
     * Deletes a key. Deleting takes a version of its own, a tombstone, so that a key created again goes on counting.
     *
     * @throws ConflictException if the key is absent; nothing was written
     * @throws ClaimedException as in {@link #put(Key, Object)}
     * @throws FencedException as in {@link #put(Key, Object)}
     */
    default <T> Committed<T> delete(Key<T> key) {
        return tryDelete(key).orThrow();
    }

    /**
     * Deletes a key if the precondition holds at the moment of the commit.
     *
     * @throws InvalidInputException if the precondition demands that the key is absent
     * @throws ConflictException if the precondition does not hold, or the key is absent; nothing was written
     * @throws ClaimedException as in {@link #put(Key, Object)}
     * @throws FencedException as in {@link #put(Key, Object)}
     */
    default <T> Committed<T> delete(Key<T> key, Precondition<T> precondition) {
        return tryDelete(key, precondition).orThrow();
    }

    /** Deletes a key, and returns a refusal; an absent key is a {@link Conflict} whose actual value is empty. */
    @CheckReturnValue
    default <T> WriteResult<T> tryDelete(Key<T> key) {
        return tryDelete(key, Precondition.ifPresent());
    }

    /**
     * Deletes a key if the precondition holds at the moment of the commit, and returns a refusal.
     *
     * @return {@link Committed}, or {@link Conflict} with the present value, or {@link Claimed}
     * @throws InvalidInputException if the precondition demands that the key is absent
     * @throws FencedException if a claim that the write is made under has been lost; nothing was written
     */
    @CheckReturnValue
    <T> WriteResult<T> tryDelete(Key<T> key, Precondition<T> precondition);

    /**
     * Reads the value, applies the function, and writes the result if nobody wrote in between; otherwise again, with the
     * store's default {@link RetryPolicy}.
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
    <T> Versioned<T> update(Key<T> key, T initial, UnaryOperator<T> change, RetryPolicy retry);

    /**
     * Runs a function as one serializable transaction, with the store's default {@link RetryPolicy}.
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
    <R> R transact(Function<? super Transaction, ? extends R> work, RetryPolicy retry);

    /**
     * Commits several writes at once, all or none, without running again.
     *
     * @throws CommitRefusedException if a member was refused; it names every member that was. Nothing was written
     * @throws FencedException if a claim that the commit depends on has been lost; nothing was written
     */
    default CommitResult.Applied commit(WriteBatch writes) {
        return tryCommit(writes).orThrow();
    }

    /**
     * Commits several writes at once, all or none, without running again, and returns refusals.
     *
     * @return {@link CommitResult.Applied}, or {@link CommitResult.Refused} with every member that failed
     * @throws FencedException if a claim that the commit depends on has been lost; nothing was written
     */
    @CheckReturnValue
    CommitResult tryCommit(WriteBatch writes);

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
        return append(stream, List.of(event)).events().get(0);
    }

    /**
     * Appends events to a stream, wherever that ends now; see {@link #append(EventStream, NewEvent)}.
     *
     * @throws StreamConflictException if an ID was used before for another body; nothing was written
     * @throws FencedException if a claim that the write is made under has been lost
     */
    default <T> Appended<T> append(EventStream<T> stream, List<NewEvent<T>> events) {
        return tryAppend(stream, events).orThrow();
    }

    /**
     * Appends events to a stream, wherever that ends now, and returns a refusal.
     *
     * @return {@link Appended}, or {@link StreamConflict} if an ID was used before for another body
     * @throws FencedException if a claim that the write is made under has been lost
     */
    @CheckReturnValue
    <T> AppendResult<T> tryAppend(EventStream<T> stream, List<NewEvent<T>> events);

    /**
     * Appends events to a stream if it ends with a certain one; or finds all of them there already.
     *
     * @param expected the number of that event, or 0 if there must be none
     * @throws StreamConflictException if the stream ends elsewhere, or an ID was used before for another body; nothing was
     *     written
     * @throws FencedException if a claim that the write is made under has been lost
     */
    default <T> Appended<T> appendAfter(EventStream<T> stream, long expected, List<NewEvent<T>> events) {
        return tryAppendAfter(stream, expected, events).orThrow();
    }

    /**
     * Appends events to a stream if it ends with a certain one, and returns a refusal.
     *
     * @param expected the number of that event, or 0 if there must be none
     * @return {@link Appended}, or {@link StreamConflict} if the stream ends elsewhere, or an ID was used before for
     *     another body
     * @throws FencedException if a claim that the write is made under has been lost
     */
    @CheckReturnValue
    <T> AppendResult<T> tryAppendAfter(EventStream<T> stream, long expected, List<NewEvent<T>> events);

    /** The same write calls without waiting: each returns a stage that completes when its commit is durable. */
    AsyncWriter async();
}
