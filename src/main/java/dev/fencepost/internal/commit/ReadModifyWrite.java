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
import dev.fencepost.internal.commit.PipelinedUpdates.PipelinedUpdate;
import dev.fencepost.internal.commit.RetryLoop.Attempt;
import dev.fencepost.internal.commit.RetryLoop.FunctionTiming;
import dev.fencepost.internal.read.ReadCache;
import dev.fencepost.internal.sql.VersionRow;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Reads a key, applies a function, and writes the result if nothing changed in between. Safe for use by many threads.
 */
final class ReadModifyWrite {
    private final Committer committer;
    private final CommitQueue queue;
    private final ReadCache cache;
    private final WriteEncoder writing;
    private final PipelinedUpdates chains = new PipelinedUpdates();

    ReadModifyWrite(Committer committer, CommitQueue queue, ReadCache cache, WriteEncoder writing) {
        this.committer = committer;
        this.queue = queue;
        this.cache = cache;
        this.writing = writing;
    }

    /** A caller's update of one key. */
    record Update<T>(WriterIdentity author, Key<T> key, Optional<T> initial, UnaryOperator<T> change) {}

    <T> Versioned<T> update(Update<T> update, RetryPolicy policy) {
        return RetryLoop.run(policy, queue, update.change(), thinking -> {
            String key = update.key().name();
            if (thinking.isQuick() && chains.enter(key)) {
                Step<T> step;
                try {
                    step = nextStep(update, thinking, chains.last(key));
                    if (step != null) {
                        chains.append(key, step.link(), step.pending());
                    }
                } finally {
                    chains.leave(key);
                }
                if (step != null) {
                    return outcome(update, step);
                }
            }
            return outcome(update, step(update, thinking, null));
        });
    }

    /** An update that is in the commit queue. */
    private record Step<T>(
            CommitRequest.EncodedWrite<T> write, T value, PipelinedUpdate link, QueuedTask<CommitDecision> pending) {}

    /**
     * Queues an update that may depend on another.
     *
     * @return null if the caller's function or codec failed on an uncommitted value; that decides nothing, since the
     *     value may never be committed
     */
    private <T> @Nullable Step<T> nextStep(Update<T> update, FunctionTiming thinking, @Nullable PipelinedUpdate ahead) {
        try {
            return step(update, thinking, ahead);
        } catch (Throwable e) {
            if (ahead == null) {
                throw e;
            }
            return null;
        }
    }

    private <T> Step<T> step(Update<T> update, FunctionTiming thinking, @Nullable PipelinedUpdate ahead) {
        Key<T> key = update.key();
        Optional<VersionRow> newest = ahead == null ? cache.latest(key.name()) : Optional.empty();
        Optional<T> seen = ahead == null
                ? newest.flatMap(row -> row.versioned(key)).map(Versioned::value)
                : Optional.of(key.codec().decode(ahead.text()));
        long version = ahead == null ? newest.map(row -> row.stamp().version()).orElse(0L) : ahead.version();
        T before = seen.or(update::initial).orElseThrow(() -> new ConflictException(absent(update)));
        T after = thinking.time(() -> update.change().apply(before));
        if (after == null) {
            throw new InvalidInputException("The update function for '" + key
                    + "' returned null; return a value, or delete the key in a transaction");
        }
        CommitRequest.EncodedWrite<T> write =
                writing.put(key, after, Precondition.ifVersion(seen.isPresent() ? version : 0));
        PipelinedUpdate link = new PipelinedUpdate(version + 1, write.text().orElseThrow(), ahead);
        return new Step<>(write, after, link, committer.enqueue(update.author(), write, link, thinking.isQuick()));
    }

    private <T> Conflict<T> absent(Update<T> update) {
        return new Conflict<>(
                update.key(),
                Precondition.ifPresent(),
                cache.latest(update.key().name()).map(row -> row.change(update.key())));
    }

    private <T> Attempt<Versioned<T>> outcome(Update<T> update, Step<T> step) {
        WriteResult<T> result;
        try {
            result = committer.await(update.author().agent(), step.write(), step.pending());
        } finally {
            chains.settle(update.key().name(), step.link());
        }
        if (result instanceof Committed<T> committed) {
            return new Attempt.Done<>(new Versioned<>(update.key(), step.value(), committed.stamp()));
        }
        return new Attempt.Again<>(List.of((Refusal) result));
    }
}
