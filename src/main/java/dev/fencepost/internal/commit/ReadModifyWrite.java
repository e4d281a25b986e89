package dev.fencepost.internal.commit;

import dev.fencepost.Committed;
import dev.fencepost.Conflict;
import dev.fencepost.ConflictException;
import dev.fencepost.InvalidInputException;
import dev.fencepost.Key;
import dev.fencepost.Precondition;
import dev.fencepost.Refusal;
import dev.fencepost.RetryPolicy;
import dev.fencepost.Versioned;
import dev.fencepost.WriteResult;
import dev.fencepost.internal.commit.CommitRequest.EncodedWrite;
import dev.fencepost.internal.commit.PipelinedUpdates.PipelinedUpdate;
import dev.fencepost.internal.commit.RetryLoop.Attempt;
import dev.fencepost.internal.commit.RetryLoop.FunctionTiming;
import dev.fencepost.internal.sql.VersionRow;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** An update of a key: reads it, applies a function, and writes the result if nothing changed in between. */
final class ReadModifyWrite<T> {
    private final Committer committer;
    private final Function<EncodedWrite<T>, CommitRequest> requests;
    private final Key<T> key;
    private final Optional<T> initial;
    private final UnaryOperator<T> change;

    /**
     * Creates an update.
     *
     * @param requests creates the request of the caller to commit a write
     * @param initial the value of an absent key; if there is none, an absent key is a conflict
     */
    ReadModifyWrite(
            Committer committer,
            Function<EncodedWrite<T>, CommitRequest> requests,
            Key<T> key,
            Optional<T> initial,
            UnaryOperator<T> change) {
        this.committer = committer;
        this.requests = requests;
        this.key = key;
        this.initial = initial;
        this.change = change;
    }

    /** Repeats the update until it is committed. */
    Versioned<T> run(RetryPolicy policy) {
        return RetryLoop.run(policy, committer.queue(), change, thinking -> {
            Step<T> pipelined = thinking.isQuick() ? pipelined(thinking) : null;
            return outcome(pipelined == null ? step(thinking, null) : pipelined);
        });
    }

    /** An update that is in the commit queue. */
    private record Step<T>(
            CommitRequest request,
            EncodedWrite<T> write,
            T value,
            PipelinedUpdate link,
            QueuedTask<CommitDecision> pending) {}

    /**
     * Queues an update that may depend on another.
     *
     * @return null if the lock of the key is not free in time, or if the caller's function or codec failed on an
     *     uncommitted value; that decides nothing, since the value may never be committed
     */
    private @Nullable Step<T> pipelined(FunctionTiming thinking) {
        PipelinedUpdates updates = committer.updates();
        if (!updates.enter(key.name())) {
            return null;
        }
        try {
            Step<T> step = nextStep(thinking, updates.last(key.name()));
            if (step != null) {
                updates.append(key.name(), step.link(), step.pending());
            }
            return step;
        } finally {
            updates.leave(key.name());
        }
    }

    private @Nullable Step<T> nextStep(FunctionTiming thinking, @Nullable PipelinedUpdate ahead) {
        try {
            return step(thinking, ahead);
        } catch (Throwable e) {
            if (ahead == null) {
                throw e;
            }
            return null;
        }
    }

    private Step<T> step(FunctionTiming thinking, @Nullable PipelinedUpdate ahead) {
        Optional<VersionRow> newest = ahead == null ? committer.cache().latest(key.name()) : Optional.empty();
        Optional<T> seen = ahead == null
                ? newest.flatMap(row -> row.versioned(key)).map(Versioned::value)
                : Optional.of(key.codec().decode(ahead.text()));
        long version = ahead == null ? newest.map(row -> row.stamp().version()).orElse(0L) : ahead.version();
        T before = seen.or(() -> initial).orElseThrow(() -> new ConflictException(absent()));
        T after = thinking.time(() -> change.apply(before));
        if (after == null) {
            throw new InvalidInputException("The update function for '" + key
                    + "' returned null; return a value, or delete the key in a transaction");
        }
        EncodedWrite<T> write =
                committer.encoder().put(key, after, Precondition.ifVersion(seen.isPresent() ? version : 0));
        PipelinedUpdate link = new PipelinedUpdate(version + 1, write.text().orElseThrow(), ahead);
        CommitRequest request = requests.apply(write);
        return new Step<>(request, write, after, link, committer.enqueue(request, thinking.isQuick(), link));
    }

    private Conflict<T> absent() {
        return new Conflict<>(
                key,
                Precondition.ifPresent(),
                committer.cache().latest(key.name()).map(row -> row.change(key)));
    }

    private Attempt<Versioned<T>> outcome(Step<T> step) {
        WriteResult<T> result;
        try {
            result = step.write().result(committer.await(step.request(), step.pending()));
        } finally {
            committer.updates().settle(key.name(), step.link());
        }
        if (result instanceof Committed<T> committed) {
            return new Attempt.Done<>(new Versioned<>(key, step.value(), committed.stamp()));
        }
        return new Attempt.Again<>(List.of((Refusal) result), false);
    }
}
