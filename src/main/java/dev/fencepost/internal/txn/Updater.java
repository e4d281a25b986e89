package dev.fencepost.internal.txn;

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
import dev.fencepost.internal.sql.VersionRow;
import dev.fencepost.internal.txn.Chains.Link;
import dev.fencepost.internal.txn.RetryLoop.Attempt;
import dev.fencepost.internal.txn.RetryLoop.Thinking;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Reads, applies a function, and writes if nothing changed in between. Safe for use by many threads. */
final class Updater {
    private final Committer committer;
    private final CommitQueue queue;
    private final ReadCache cache;
    private final Writing writing;
    private final Chains chains = new Chains();

    Updater(Committer committer, CommitQueue queue, ReadCache cache, Writing writing) {
        this.committer = committer;
        this.queue = queue;
        this.cache = cache;
        this.writing = writing;
    }

    /** What a caller wants to be done to one key. */
    record Update<T>(Author author, Key<T> key, Optional<T> initial, UnaryOperator<T> change) {}

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

    /** A change that is in the queue of commits. */
    private record Step<T>(CommitRequest.Write<T> write, T value, Link link, Pending<Verdict> pending) {}

    /**
     * One that may follow another.
     *
     * @return null if the caller's function, or its value, failed on what is not committed yet, and so may never be: that
     *     decides nothing
     */
    private <T> @Nullable Step<T> nextStep(Update<T> update, Thinking thinking, @Nullable Link ahead) {
        try {
            return step(update, thinking, ahead);
        } catch (Throwable e) {
            if (ahead == null) {
                throw e;
            }
            return null;
        }
    }

    private <T> Step<T> step(Update<T> update, Thinking thinking, @Nullable Link ahead) {
        Key<T> key = update.key();
        Optional<VersionRow> newest = ahead == null ? cache.latest(key.name()) : Optional.empty();
        Optional<T> seen = ahead == null
                ? newest.flatMap(row -> row.versioned(key)).map(Versioned::value)
                : Optional.of(key.codec().decode(ahead.text()));
        long version = ahead == null ? newest.map(row -> row.stamp().version()).orElse(0L) : ahead.version();
        T before = seen.or(update::initial).orElseThrow(() -> new ConflictException(absent(update)));
        T after = thinking.about(() -> update.change().apply(before));
        if (after == null) {
            throw new InvalidInputException("The function that was to change '" + key
                    + "' returned null; return a value, or delete the key in a transaction");
        }
        CommitRequest.Write<T> write = writing.put(key, after, Precondition.ifVersion(seen.isPresent() ? version : 0));
        Link link = new Link(version + 1, write.text().orElseThrow(), ahead);
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
