package dev.fencepost.internal.commit;

import dev.fencepost.AppendResult;
import dev.fencepost.AsyncWriter;
import dev.fencepost.CommitResult;
import dev.fencepost.FencedException;
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
import dev.fencepost.internal.commit.CommitRequest.EncodedAppend;
import dev.fencepost.internal.commit.CommitRequest.EncodedWrite;
import dev.fencepost.internal.util.Arguments;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** The common base of agents and claims as writers. It checks arguments, encodes values and decodes results. */
public abstract class AbstractWriter implements Writer {
    private final String agent;
    private final List<FencingToken> claims;
    private final Committer committer;

    /**
     * Creates a writer.
     *
     * @param agent the name of the agent that writes
     * @param claims the claims that all its writes depend on
     */
    protected AbstractWriter(String agent, List<FencingToken> claims, Committer committer) {
        this.agent = agent;
        this.claims = List.copyOf(claims);
        this.committer = committer;
    }

    /** Returns the name of the agent that writes. */
    protected final String agent() {
        return agent;
    }

    List<FencingToken> claims() {
        return claims;
    }

    @Override
    public final <T> WriteResult<T> tryPut(Key<T> key, T value, Precondition<T> precondition) {
        EncodedWrite<T> write = encodedPut(key, value, precondition);
        return write.result(committer.commit(request(write)));
    }

    @Override
    public final <T> WriteResult<T> tryDelete(Key<T> key, Precondition<T> precondition) {
        EncodedWrite<T> write = encodedDelete(key, precondition);
        return write.result(committer.commit(request(write)));
    }

    private <T> EncodedWrite<T> encodedPut(Key<T> key, T value, Precondition<T> precondition) {
        Arguments.required(key, "key");
        Arguments.required(value, "value");
        Arguments.required(precondition, "precondition");
        return committer.encoder().put(key, value, precondition);
    }

    private <T> EncodedWrite<T> encodedDelete(Key<T> key, Precondition<T> precondition) {
        Arguments.required(key, "key");
        Arguments.required(precondition, "precondition");
        return committer.encoder().delete(key, precondition);
    }

    private CommitRequest request(EncodedWrite<?> write) {
        return new CommitRequest(agent, List.of(write), claims, Optional.empty());
    }

    @Override
    public final <T> Versioned<T> update(Key<T> key, UnaryOperator<T> change) {
        Arguments.required(key, "key");
        Arguments.required(change, "change");
        return update(key, Optional.empty(), change, committer.retry());
    }

    @Override
    public final <T> Versioned<T> update(Key<T> key, T initial, UnaryOperator<T> change) {
        return update(key, initial, change, committer.retry());
    }

    @Override
    public final <T> Versioned<T> update(Key<T> key, T initial, UnaryOperator<T> change, RetryPolicy retry) {
        Arguments.required(key, "key");
        Arguments.required(initial, "initial");
        Arguments.required(change, "change");
        Arguments.required(retry, "retry");
        return update(key, Optional.of(initial), change, retry);
    }

    private <T> Versioned<T> update(Key<T> key, Optional<T> initial, UnaryOperator<T> change, RetryPolicy retry) {
        return new ReadModifyWrite<>(committer, this::request, key, initial, change).run(retry);
    }

    @Override
    public final <T> AppendResult<T> tryAppend(EventStream<T> stream, List<NewEvent<T>> events) {
        return append(stream, OptionalLong.empty(), events);
    }

    @Override
    public final <T> AppendResult<T> tryAppendAfter(EventStream<T> stream, long expected, List<NewEvent<T>> events) {
        return append(stream, OptionalLong.of(expected), events);
    }

    private <T> AppendResult<T> append(EventStream<T> stream, OptionalLong expected, List<NewEvent<T>> events) {
        Arguments.required(stream, "stream");
        EncodedAppend<T> append = committer.encoder().append(stream, expected, Arguments.requiredAll(events, "events"));
        return append.result(committer.commit(
                new CommitRequest(agent, List.of(), List.of(append), claims, Optional.empty(), Optional.empty())));
    }

    @Override
    public final <R> R transact(Function<? super Transaction, ? extends R> work) {
        return transact(work, committer.retry());
    }

    @Override
    public final <R> R transact(Function<? super Transaction, ? extends R> work, RetryPolicy retry) {
        Arguments.required(work, "work");
        Arguments.required(retry, "retry");
        return committer.transact(agent, claims, work, retry, result -> Optional.empty());
    }

    /**
     * Runs a transaction, and commits extra rows with its writes.
     *
     * @param participant the participant that writes these rows, for the result of the function
     */
    public final <R> R transact(
            Function<? super Transaction, ? extends R> work,
            Function<? super R, ? extends CommitParticipant> participant) {
        return committer.transact(
                agent, claims, work, committer.retry(), result -> Optional.of(participant.apply(result)));
    }

    /**
     * Commits the rows of a participant alone.
     *
     * @throws FencedException if a claim that the commit depends on has been lost; then nothing is written
     */
    public final void commit(CommitParticipant participant) {
        committer.commit(
                new CommitRequest(agent, List.of(), List.of(), claims, Optional.empty(), Optional.of(participant)));
    }

    @Override
    public final CommitResult tryCommit(WriteBatch writes) {
        CommitRequest request = request(writes);
        return request.result(committer.commit(request));
    }

    /** Commits several writes together with the rows of a participant; see {@link #tryCommit(WriteBatch)}. */
    protected final CommitResult tryCommit(WriteBatch writes, CommitParticipant participant) {
        CommitRequest request = request(writes).with(participant);
        return request.result(committer.commit(request));
    }

    private CommitRequest request(WriteBatch writes) {
        Arguments.required(writes, "writes");
        return committer.request(agent, claims, writes);
    }

    @Override
    public final AsyncWriter async() {
        return new AsyncWriter() {
            @Override
            public <T> CompletionStage<WriteResult<T>> put(Key<T> key, T value, Precondition<T> precondition) {
                EncodedWrite<T> write = encodedPut(key, value, precondition);
                return committer.commitLater(request(write)).thenApply(write::result);
            }

            @Override
            public <T> CompletionStage<WriteResult<T>> delete(Key<T> key, Precondition<T> precondition) {
                EncodedWrite<T> write = encodedDelete(key, precondition);
                return committer.commitLater(request(write)).thenApply(write::result);
            }

            @Override
            public CompletionStage<CommitResult> commit(WriteBatch writes) {
                CommitRequest request = request(writes);
                return committer.commitLater(request).thenApply(request::result);
            }
        };
    }
}
