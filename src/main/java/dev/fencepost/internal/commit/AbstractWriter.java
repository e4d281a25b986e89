package dev.fencepost.internal.commit;

import dev.fencepost.AppendResult;
import dev.fencepost.AsyncWriter;
import dev.fencepost.CommitResult;
import dev.fencepost.Key;
import dev.fencepost.Precondition;
import dev.fencepost.RetryPolicy;
import dev.fencepost.Transaction;
import dev.fencepost.Versioned;
import dev.fencepost.WriteBatch;
import dev.fencepost.WriteResult;
import dev.fencepost.Writer;
import dev.fencepost.event.EventStream;
import dev.fencepost.event.NewEvent;
import dev.fencepost.internal.util.Arguments;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** The common base of agents and claims as writers. It checks arguments and forwards to the committer. */
public abstract class AbstractWriter implements Writer {
    private final WriterIdentity author;
    private final Committer committer;

    protected AbstractWriter(WriterIdentity author, Committer committer) {
        this.author = author;
        this.committer = committer;
    }

    protected final WriterIdentity author() {
        return author;
    }

    @Override
    public final <T> WriteResult<T> tryPut(Key<T> key, T value, Precondition<T> precondition) {
        Arguments.required(key, "key");
        Arguments.required(value, "value");
        Arguments.required(precondition, "precondition");
        return committer.put(author, key, value, precondition);
    }

    @Override
    public final <T> WriteResult<T> tryDelete(Key<T> key, Precondition<T> precondition) {
        Arguments.required(key, "key");
        Arguments.required(precondition, "precondition");
        return committer.delete(author, key, precondition);
    }

    @Override
    public final <T> Versioned<T> update(Key<T> key, UnaryOperator<T> change) {
        Arguments.required(key, "key");
        Arguments.required(change, "change");
        return committer.update(author, key, Optional.empty(), change, committer.retry());
    }

    @Override
    public final <T> Versioned<T> update(Key<T> key, T initial, UnaryOperator<T> change) {
        Arguments.required(key, "key");
        Arguments.required(initial, "initial");
        Arguments.required(change, "change");
        return update(key, initial, change, committer.retry());
    }

    @Override
    public final <T> Versioned<T> update(Key<T> key, T initial, UnaryOperator<T> change, RetryPolicy retry) {
        Arguments.required(key, "key");
        Arguments.required(initial, "initial");
        Arguments.required(change, "change");
        Arguments.required(retry, "retry");
        return committer.update(author, key, Optional.of(initial), change, retry);
    }

    @Override
    public final <T> AppendResult<T> tryAppend(EventStream<T> stream, List<NewEvent<T>> events) {
        Arguments.required(stream, "stream");
        return committer.append(author, stream, OptionalLong.empty(), Arguments.requiredAll(events, "events"));
    }

    @Override
    public final <T> AppendResult<T> tryAppendAfter(EventStream<T> stream, long expected, List<NewEvent<T>> events) {
        Arguments.required(stream, "stream");
        return committer.append(author, stream, OptionalLong.of(expected), Arguments.requiredAll(events, "events"));
    }

    @Override
    public final <R> R transact(Function<? super Transaction, ? extends R> work) {
        Arguments.required(work, "work");
        return transact(work, committer.retry());
    }

    @Override
    public final <R> R transact(Function<? super Transaction, ? extends R> work, RetryPolicy retry) {
        Arguments.required(work, "work");
        Arguments.required(retry, "retry");
        return committer.transact(author, work, retry);
    }

    @Override
    public final CommitResult tryCommit(WriteBatch writes) {
        Arguments.required(writes, "writes");
        return committer.commit(author, writes);
    }

    @Override
    public final AsyncWriter async() {
        return new AsyncWriter() {
            @Override
            public <T> CompletionStage<WriteResult<T>> put(Key<T> key, T value, Precondition<T> precondition) {
                Arguments.required(key, "key");
                Arguments.required(value, "value");
                Arguments.required(precondition, "precondition");
                return committer.putLater(author, key, value, precondition);
            }

            @Override
            public <T> CompletionStage<WriteResult<T>> delete(Key<T> key, Precondition<T> precondition) {
                Arguments.required(key, "key");
                Arguments.required(precondition, "precondition");
                return committer.deleteLater(author, key, precondition);
            }

            @Override
            public CompletionStage<CommitResult> commit(WriteBatch writes) {
                Arguments.required(writes, "writes");
                return committer.commitLater(author, writes);
            }
        };
    }
}
