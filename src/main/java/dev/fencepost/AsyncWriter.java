package dev.fencepost;

import com.google.errorprone.annotations.CheckReturnValue;
import java.util.concurrent.CompletionStage;

/**
 * The write calls of a {@link Writer} for callers that do not wait. Each call returns at once. Pending writes are
 * committed together (group commit), and each stage completes when its own commit is as durable as configured.
 *
 * <p>Each stage completes as the corresponding {@code try} method of the writer returns or throws, so a refusal is a
 * value. Check the result of each stage, or unwrap it with {@code orThrow()}. Dependent stages run on the common pool,
 * unless the {@code Async} methods of {@link CompletionStage} name an executor. Invalid input ({@link
 * InvalidInputException}, {@link CodecException}) is thrown by the call itself. Writes of one thread are committed in
 * the order of its calls. When some thousand writes are pending, the caller helps to commit them before its call
 * returns, so memory stays bounded.
 *
 * <p>Closing the store completes all pending writes; those that are too late complete with {@link
 * StoreClosedException}. {@link Writer#update} and {@link Writer#transact} run their function again after a conflict.
 * To run them in the background, use an executor of your own. Safe for use by many threads.
 *
 * @see Writer#async()
 */
public interface AsyncWriter {
    /** Starts {@link Writer#tryPut(Key, Object)}, and returns without waiting. */
    @CheckReturnValue
    default <T> CompletionStage<WriteResult<T>> put(Key<T> key, T value) {
        return put(key, value, Precondition.none());
    }

    /** Starts {@link Writer#tryPut(Key, Object, Precondition)}, and returns without waiting. */
    @CheckReturnValue
    <T> CompletionStage<WriteResult<T>> put(Key<T> key, T value, Precondition<T> precondition);

    /** Starts {@link Writer#tryDelete(Key)}, and returns without waiting. */
    @CheckReturnValue
    default <T> CompletionStage<WriteResult<T>> delete(Key<T> key) {
        return delete(key, Precondition.ifPresent());
    }

    /** Starts {@link Writer#tryDelete(Key, Precondition)}, and returns without waiting. */
    @CheckReturnValue
    <T> CompletionStage<WriteResult<T>> delete(Key<T> key, Precondition<T> precondition);

    /** Starts {@link Writer#tryCommit(WriteBatch)}, and returns without waiting. */
    @CheckReturnValue
    CompletionStage<CommitResult> commit(WriteBatch writes);
}
