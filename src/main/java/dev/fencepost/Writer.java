package dev.fencepost;

import com.google.errorprone.annotations.CheckReturnValue;
import dev.fencepost.event.Event;
import dev.fencepost.event.EventStream;
import dev.fencepost.event.NewEvent;
import dev.fencepost.internal.util.Arguments;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * The writes of an {@link Agent} or of a {@link Claim}. The writes of a claim are committed only while it is held.
 *
 * <p>Every method commits before it returns: an acknowledged write survives the death of the process, and with
 * {@link Durability#POWER_LOSS} the loss of power.
 *
 * <p>A valid write can be refused because another writer came first. Each such method has two forms. The plain form
 * ({@link #put}, {@link #delete}, {@link #commit}, {@link #append}, {@link #appendAfter}) throws the refusal, so that
 * no write is lost without notice. The form that begins with {@code try} returns the refusal as a value, for callers
 * that expect one. A refused call of either form writes nothing.
 *
 * <p>The contract is the same for agents and claims. Every write respects claims: a key that a claim holds is written
 * only under that claim, even by the agent that holds it. A claim may write other keys too, if no other claim holds
 * them. Both forms throw {@link FencedException}. Safe for use by many threads.
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
     * Deletes a key. The deletion has its own version, a tombstone, so that a key created again goes on counting.
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
     * Reads the value, applies the function, and writes the result if no other commit changed the value in between.
     * After a conflict it starts again, with the store's default {@link RetryPolicy}.
     *
     * @param change a function without effects of its own, since it runs again after each conflict. It may receive a
     *     value that another thread of this process is committing; its result is committed only if that value is
     * @return the written value
     * @throws ConflictException if the key is absent
     * @throws RetriesExhaustedException if attempts or time ran out; carries the last refusal
     */
    <T> Versioned<T> update(Key<T> key, UnaryOperator<T> change);

    /**
     * Updates a value as {@link #update(Key, UnaryOperator)} does, but treats an absent key as if it held
     * {@code initial}.
     */
    <T> Versioned<T> update(Key<T> key, T initial, UnaryOperator<T> change);

    /** Updates a value as {@link #update(Key, Object, UnaryOperator)} does, with the given retry policy. */
    <T> Versioned<T> update(Key<T> key, T initial, UnaryOperator<T> change, RetryPolicy retry);

    /**
     * Runs a function as one serializable transaction, with the store's default {@link RetryPolicy}.
     *
     * <p>The function reads one consistent snapshot of the store without holding a lock, so it may take its time. Its
     * writes are buffered until it returns. The commit is applied only if nothing in its read set has changed since:
     * values, absences and prefixes included. Otherwise the function <strong>runs again</strong>, so it must have no
     * effects of its own: no messages, no files, no counters outside the transaction. If it throws, nothing is written.
     * Only reads through the {@link Transaction} are part of it. A read of the {@link Store} inside the function is
     * neither from the snapshot nor validated.
     *
     * @return the result of the run that was committed
     * @throws RetriesExhaustedException if attempts or time ran out; carries the last refusals; nothing was written
     * @throws FencedException if a claim that the transaction is made under has been lost; never retried
     */
    <R> R transact(Function<? super Transaction, ? extends R> work);

    /** Runs a transaction as {@link #transact(Function)} does, with the given retry policy. */
    <R> R transact(Function<? super Transaction, ? extends R> work, RetryPolicy retry);

    /**
     * Commits several writes at once, all or none, without retries.
     *
     * @throws CommitRefusedException if a member was refused; it names every refused member. Nothing was written
     * @throws FencedException if a claim that the commit depends on has been lost; nothing was written
     */
    default CommitResult.Applied commit(WriteBatch writes) {
        return tryCommit(writes).orThrow();
    }

    /**
     * Commits several writes at once, all or none, without retries, and returns refusals.
     *
     * @return {@link CommitResult.Applied}, or {@link CommitResult.Refused} with every member that failed
     * @throws FencedException if a claim that the commit depends on has been lost; nothing was written
     */
    @CheckReturnValue
    CommitResult tryCommit(WriteBatch writes);

    /**
     * Appends an event to the end of a stream. If the stream already has an event of this ID and body, nothing is
     * written, and the stored event is returned. So a caller that does not know the outcome of an append repeats it.
     * Bodies are equal if their codec writes the same text of the same shape.
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
     * Appends events to the end of a stream; see {@link #append(EventStream, NewEvent)}.
     *
     * @throws StreamConflictException if an ID was used before for another body; nothing was written
     * @throws FencedException if a claim that the write is made under has been lost
     */
    default <T> Appended<T> append(EventStream<T> stream, List<NewEvent<T>> events) {
        return tryAppend(stream, events).orThrow();
    }

    /**
     * Appends events to the end of a stream, and returns a refusal.
     *
     * @return {@link Appended}, or {@link StreamConflict} if an ID was used before for another body
     * @throws FencedException if a claim that the write is made under has been lost
     */
    @CheckReturnValue
    <T> AppendResult<T> tryAppend(EventStream<T> stream, List<NewEvent<T>> events);

    /**
     * Appends events to a stream if it ends with a certain event, or finds that it already has all of them.
     *
     * @param expected the number of that event, or 0 if there must be none
     * @throws StreamConflictException if the stream ends elsewhere, or an ID was used before for another body; nothing
     *     was written
     * @throws FencedException if a claim that the write is made under has been lost
     */
    default <T> Appended<T> appendAfter(EventStream<T> stream, long expected, List<NewEvent<T>> events) {
        return tryAppendAfter(stream, expected, events).orThrow();
    }

    /**
     * Appends events to a stream if it ends with a certain event, and returns a refusal.
     *
     * @param expected the number of that event, or 0 if there must be none
     * @return {@link Appended}, or {@link StreamConflict} if the stream ends elsewhere, or an ID was used before for
     *     another body
     * @throws FencedException if a claim that the write is made under has been lost
     */
    @CheckReturnValue
    <T> AppendResult<T> tryAppendAfter(EventStream<T> stream, long expected, List<NewEvent<T>> events);

    /**
     * Returns the asynchronous form of these methods. Each returns a stage that completes when its commit is durable.
     */
    AsyncWriter async();
}
