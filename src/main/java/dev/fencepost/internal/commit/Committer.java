package dev.fencepost.internal.commit;

import dev.fencepost.AppendResult;
import dev.fencepost.CommitResult;
import dev.fencepost.Durability;
import dev.fencepost.FencedException;
import dev.fencepost.Key;
import dev.fencepost.LostClaim;
import dev.fencepost.Precondition;
import dev.fencepost.ReadConflict;
import dev.fencepost.Refusal;
import dev.fencepost.RetryPolicy;
import dev.fencepost.StoreConfig;
import dev.fencepost.StreamConflict;
import dev.fencepost.StreamConflictException;
import dev.fencepost.Transaction;
import dev.fencepost.Versioned;
import dev.fencepost.WriteBatch;
import dev.fencepost.WriteResult;
import dev.fencepost.event.EventStream;
import dev.fencepost.event.NewEvent;
import dev.fencepost.history.PrunedException;
import dev.fencepost.internal.commit.RetryLoop.Attempt;
import dev.fencepost.internal.process.ReclaimPolicy;
import dev.fencepost.internal.read.ReadCache;
import dev.fencepost.internal.read.ReaderPool;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * The commit path for agents and claims. It encodes values before the write transaction, and maps decisions to typed
 * results after it. Safe for use by many threads.
 */
public final class Committer {
    private final CommitQueue queue;
    private final ReaderPool reads;
    private final FencingCheck fences;
    private final ReclaimPolicy reclaims;
    private final WriteEncoder writing;
    private final RetryPolicy retry;
    private final boolean durable;
    private final ReadModifyWrite updater;
    private final boolean provenance;
    private final RefusalRecorder refusing;
    private volatile Consumer<List<LostClaim>> whenFenced = lost -> {};

    public Committer(
            CommitQueue queue,
            ReadCache cache,
            ReaderPool reads,
            FencingCheck fences,
            ReclaimPolicy reclaims,
            StoreConfig config) {
        this.queue = queue;
        this.reads = reads;
        this.fences = fences;
        this.reclaims = reclaims;
        this.writing = new WriteEncoder(config);
        this.retry = config.retry();
        this.provenance = config.provenance();
        this.refusing = new RefusalRecorder(queue, provenance);
        this.durable = config.durability() == Durability.POWER_LOSS;
        this.updater = new ReadModifyWrite(this, queue, cache, writing);
    }

    /** Refuses a key that is too long for this store. */
    public void checkKey(Key<?> key) {
        writing.checkKey(key);
    }

    /** Returns the retry policy that applies if the caller gives none. */
    public RetryPolicy retry() {
        return retry;
    }

    public <T> WriteResult<T> put(WriterIdentity author, Key<T> key, T value, Precondition<T> precondition) {
        CommitRequest.EncodedWrite<T> write = writing.put(key, value, precondition);
        return write.result(judge(request(author, write), false));
    }

    public <T> WriteResult<T> delete(WriterIdentity author, Key<T> key, Precondition<T> precondition) {
        CommitRequest.EncodedWrite<T> write = writing.delete(key, precondition);
        return write.result(judge(request(author, write), false));
    }

    public CommitResult commit(WriterIdentity author, WriteBatch writes) {
        CommitRequest request = request(author, writes);
        return request.result(judge(request, false));
    }

    /**
     * Commits the rows of a participant alone, under the author's claims.
     *
     * @throws FencedException if one of the claims has been lost; then nothing is written
     */
    public void commit(WriterIdentity author, CommitParticipant attachment) {
        judge(
                new CommitRequest(
                        author.agent(),
                        List.of(),
                        List.of(),
                        author.claims(),
                        Optional.empty(),
                        Optional.of(attachment)),
                false);
    }

    public <T> CompletionStage<WriteResult<T>> putLater(
            WriterIdentity author, Key<T> key, T value, Precondition<T> precondition) {
        CommitRequest.EncodedWrite<T> write = writing.put(key, value, precondition);
        return judgeLater(request(author, write)).thenApply(write::result);
    }

    public <T> CompletionStage<WriteResult<T>> deleteLater(
            WriterIdentity author, Key<T> key, Precondition<T> precondition) {
        CommitRequest.EncodedWrite<T> write = writing.delete(key, precondition);
        return judgeLater(request(author, write)).thenApply(write::result);
    }

    public CompletionStage<CommitResult> commitLater(WriterIdentity author, WriteBatch writes) {
        CommitRequest request = request(author, writes);
        return judgeLater(request).thenApply(request::result);
    }

    /** Appends events to one stream. */
    public <T> AppendResult<T> append(
            WriterIdentity author, EventStream<T> stream, OptionalLong expected, List<NewEvent<T>> events) {
        CommitRequest.EncodedAppend<T> append = writing.append(stream, expected, events);
        CommitRequest request = new CommitRequest(
                author.agent(), List.of(), List.of(append), author.claims(), Optional.empty(), Optional.empty());
        return append.result(judge(request, false));
    }

    private static CommitRequest request(WriterIdentity author, CommitRequest.EncodedWrite<?> write) {
        return new CommitRequest(author.agent(), List.of(write), author.claims(), Optional.empty());
    }

    private CommitRequest request(WriterIdentity author, WriteBatch writes) {
        List<CommitRequest.EncodedWrite<?>> members = new ArrayList<>();
        writes.members().forEach(member -> members.add(writing.member(member)));
        List<FencingToken> claims = new ArrayList<>(author.claims());
        writes.claims().forEach(claim -> {
            fences.refuseFormer(claim.token());
            claims.add(FencingTokens.of(claim));
        });
        writes.basis().ifPresent(fences::refuseFormer);
        List<CommitRequest.EncodedAppend<?>> appends = new ArrayList<>();
        writes.appends().forEach(append -> appends.add(writing.append(append)));
        Optional<ReadSet> basis =
                writes.basis().map(snapshot -> SnapshotReadSet.of(snapshot, fences.storeId(), members, appends));
        return new CommitRequest(author.agent(), members, appends, claims, basis, Optional.empty());
    }

    /**
     * Reads a key, applies the function, and writes the result if nothing changed in between. Otherwise it retries.
     *
     * @param initial the value of an absent key; if there is none, an absent key is a conflict
     */
    public <T> Versioned<T> update(
            WriterIdentity author, Key<T> key, Optional<T> initial, UnaryOperator<T> change, RetryPolicy policy) {
        return updater.update(new ReadModifyWrite.Update<>(author, key, initial, change), policy);
    }

    /** Queues a write that may depend on another queued write; {@link #await} must follow. */
    QueuedTask<CommitDecision> enqueue(
            WriterIdentity author,
            CommitRequest.EncodedWrite<?> write,
            PipelinedUpdates.PipelinedUpdate link,
            boolean triesAgain) {
        return queue.enqueue(
                new CommitValidator(request(author, write), fences, reclaims, triesAgain, link, provenance));
    }

    /** Sets an observer that is called each time a commit is fenced. It must not throw. */
    public void whenFenced(Consumer<List<LostClaim>> observer) {
        whenFenced = observer;
    }

    /** Notifies the observer of a fencing refusal, and records the refusal if provenance is enabled. */
    public void keepFenced(String agent, List<LostClaim> lost) {
        whenFenced.accept(lost);
        refusing.fenced(agent, lost);
    }

    /** Waits until all refusals so far are recorded, if provenance is enabled. */
    public void settle() {
        refusing.settle();
    }

    /** Waits until a queued write has been committed or refused. */
    <T> WriteResult<T> await(String author, CommitRequest.EncodedWrite<T> write, QueuedTask<CommitDecision> pending) {
        return write.result(unlessLost(author, queue.await(pending)));
    }

    public <R> R transact(WriterIdentity author, Function<? super Transaction, ? extends R> work, RetryPolicy policy) {
        return transact(author, work, policy, result -> Optional.empty());
    }

    /**
     * Runs a transaction, and commits extra rows with its writes.
     *
     * @param attachment the participant that writes these rows, for the result of the function
     */
    public <R> R transact(
            WriterIdentity author,
            Function<? super Transaction, ? extends R> work,
            RetryPolicy policy,
            Function<? super R, Optional<CommitParticipant>> attachment) {
        return RetryLoop.run(policy, queue, work, thinking -> {
            BufferedTransaction run = new BufferedTransaction(reads, writing, author.claims());
            R result;
            try {
                result = thinking.time(() -> work.apply(run));
            } catch (PrunedException e) {
                // Retention has pruned part of this run's snapshot; the next run reads a newer one.
                return new Attempt.Again<>(List.of(run.overtaken().orElseThrow(() -> e)));
            } finally {
                run.end();
            }
            Optional<CommitRequest> request = run.request(author.agent(), attachment.apply(result));
            if (request.isEmpty()) {
                // A commit verifies the history of the file; without one, the read must.
                reads.verify();
            } else if (judge(request.get(), thinking.isQuick()) instanceof CommitDecision.Refused refused) {
                return new Attempt.Again<>(again(refused.refusals()));
            }
            return new Attempt.Done<>(result);
        });
    }

    /**
     * Returns the refusals if another run of the function can succeed. It cannot if the ID of an event was reused, and
     * nothing that the function has read has changed.
     */
    private static List<Refusal> again(List<Refusal> refusals) {
        for (Refusal refusal : refusals) {
            if (refusal instanceof StreamConflict<?> conflict
                    && !conflict.retryable()
                    && refusals.stream().noneMatch(ReadConflict.class::isInstance)) {
                throw new StreamConflictException(conflict);
            }
        }
        return refusals;
    }

    private CommitDecision judge(CommitRequest request, boolean triesAgain) {
        return unlessLost(
                request.agent(),
                queue.submit(new CommitValidator(request, fences, reclaims, triesAgain, null, provenance)));
    }

    private CompletionStage<CommitDecision> judgeLater(CommitRequest request) {
        return queue.submitLater(new CommitValidator(request, fences, reclaims, false, null, provenance))
                .thenApply(decision -> unlessLost(request.agent(), decision));
    }

    private CommitDecision unlessLost(String agent, CommitDecision decision) {
        if (decision instanceof CommitDecision.Refused refused) {
            refusing.refused(agent, refused);
        } else if (decision instanceof CommitDecision.ClaimsLost lost) {
            keepFenced(agent, lost.fenced());
            throw new FencedException(lost.fenced());
        } else if (decision instanceof CommitDecision.Vetoed objected) {
            throw objected.why();
        }
        if (durable && decision instanceof CommitDecision.Applied applied && !applied.wrote()) {
            // Nothing was written: the result was already there, but the commit that wrote it may not be durable yet.
            queue.awaitDurable();
        }
        return decision;
    }
}
