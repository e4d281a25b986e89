package dev.fencepost;

import java.util.concurrent.CompletionStage;

/**
 * The write calls of a {@link Writer} for callers that do not want to wait. Each returns at once. Writes that are under way
 * together are committed together, and each stage completes when its own commit is as durable as configured.
 *
 * <p>Each stage completes as the form of the writer that begins with {@code try} returns or throws: a refusal is a value.
 * Look at the result of each stage, or unwrap it with {@code orThrow()}. What depends on a stage runs on the common pool, unless the {@code Async} methods of {@link CompletionStage} say
 * otherwise. Bad input ({@link InvalidInputException}, {@link CodecException}) is thrown by the call itself. Writes of one
 * thread are committed in the order of its calls. Where some thousand are under way, the caller helps to commit them
 * before its call returns, so that memory stays bounded.
 *
 * <p>A store that is closed completes what is under way, with {@link StoreClosedException} where it came too late. To run
 * {@link Writer#update} or {@link Writer#transact}, whose function runs again after a conflict, in the background, give
 * them to an executor of your own. Safe for use by many threads.
 *
 * @see Writer#async()
 */
public interface AsyncWriter {
    /** As {@link Writer#tryPut(Key, Object)}, without waiting. */
    @CheckReturnValue
    default <T> CompletionStage<WriteResult<T>> put(Key<T> key, T value) {
        return put(key, value, Precondition.none());
    }

    /** As {@link Writer#tryPut(Key, Object, Precondition)}, without waiting. */
    @CheckReturnValue
    <T> CompletionStage<WriteResult<T>> put(Key<T> key, T value, Precondition<T> precondition);

    /** As {@link Writer#tryDelete(Key)}, without waiting. */
    @CheckReturnValue
    default <T> CompletionStage<WriteResult<T>> delete(Key<T> key) {
        return delete(key, Precondition.ifPresent());
    }

    /** As {@link Writer#tryDelete(Key, Precondition)}, without waiting. */
    @CheckReturnValue
    <T> CompletionStage<WriteResult<T>> delete(Key<T> key, Precondition<T> precondition);

    /** As {@link Writer#tryCommit(WriteBatch)}, without waiting. */
    @CheckReturnValue
    CompletionStage<CommitResult> commit(WriteBatch writes);
}
