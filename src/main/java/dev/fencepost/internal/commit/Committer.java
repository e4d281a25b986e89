package dev.fencepost.internal.commit;

import dev.fencepost.Durability;
import dev.fencepost.FencedException;
import dev.fencepost.Key;
import dev.fencepost.LostClaim;
import dev.fencepost.ReadConflict;
import dev.fencepost.Refusal;
import dev.fencepost.RetryPolicy;
import dev.fencepost.StoreConfig;
import dev.fencepost.StreamConflict;
import dev.fencepost.StreamConflictException;
import dev.fencepost.Transaction;
import dev.fencepost.WriteBatch;
import dev.fencepost.history.PrunedException;
import dev.fencepost.internal.commit.CommitDecision.Refused;
import dev.fencepost.internal.commit.CommitRequest.EncodedAppend;
import dev.fencepost.internal.commit.CommitRequest.EncodedWrite;
import dev.fencepost.internal.commit.PipelinedUpdates.PipelinedUpdate;
import dev.fencepost.internal.commit.RetryLoop.Attempt;
import dev.fencepost.internal.process.ReclaimPolicy;
import dev.fencepost.internal.read.ReadCache;
import dev.fencepost.internal.read.ReaderPool;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The commit path for agents and claims. It submits requests to the commit queue, throws an exception for a lost claim
 * or a veto, and runs transactions. Safe for use by many threads.
 */
public final class Committer {
    private final CommitQueue queue;
    private final ReadCache cache;
    private final ReaderPool reads;
    private final FencingCheck fences;
    private final ReclaimPolicy reclaims;
    private final WriteEncoder encoder;
    private final RetryPolicy retry;
    private final boolean durable;
    private final PipelinedUpdates updates = new PipelinedUpdates();
    private final ContendedKeys contended = new ContendedKeys();
    private final boolean provenance;
    private final ProvenanceRecorder recorder;
    private volatile Consumer<List<LostClaim>> whenFenced = lost -> {};

    public Committer(
            CommitQueue queue,
            ReadCache cache,
            ReaderPool reads,
            FencingCheck fences,
            ReclaimPolicy reclaims,
            StoreConfig config) {
        this.queue = queue;
        this.cache = cache;
        this.reads = reads;
        this.fences = fences;
        this.reclaims = reclaims;
        this.encoder = new WriteEncoder(config);
        this.retry = config.retry();
        this.provenance = config.provenance();
        this.recorder = new ProvenanceRecorder(queue, provenance);
        this.durable = config.durability() == Durability.POWER_LOSS;
    }

    /** Refuses a key that is too long for this store. */
    public void checkKey(Key<?> key) {
        encoder.checkKey(key);
    }

    /** Returns the retry policy that applies if the caller gives none. */
    RetryPolicy retry() {
        return retry;
    }

    WriteEncoder encoder() {
        return encoder;
    }

    CommitQueue queue() {
        return queue;
    }

    ReadCache cache() {
        return cache;
    }

    PipelinedUpdates updates() {
        return updates;
    }

    ContendedKeys contended() {
        return contended;
    }

    /**
     * Commits a request, and returns when the commit is as durable as configured.
     *
     * @throws FencedException if one of the claims has been lost; then nothing is written
     */
    CommitDecision commit(CommitRequest request) {
        return commit(request, false);
    }

    private CommitDecision commit(CommitRequest request, boolean triesAgain) {
        return await(request, enqueue(request, triesAgain, null));
    }

    /** Commits a request without waiting for it; see {@link #commit(CommitRequest)}. */
    CompletionStage<CommitDecision> commitLater(CommitRequest request) {
        return queue.submitLater(task(request, false, null)).thenApply(decision -> outcome(request.agent(), decision));
    }

    /**
     * Queues a request; {@link #await} must follow.
     *
     * @param triesAgain whether the caller retries at once if something that it read has changed
     * @param link the pipelined update that the request is part of; null if there is none
     */
    QueuedTask<CommitDecision> enqueue(CommitRequest request, boolean triesAgain, @Nullable PipelinedUpdate link) {
        return queue.enqueue(task(request, triesAgain, link));
    }

    private CommitValidator task(CommitRequest request, boolean triesAgain, @Nullable PipelinedUpdate link) {
        return new CommitValidator(request, fences, reclaims, triesAgain, link, provenance);
    }

    /** Waits until a queued request has been committed or refused; see {@link #commit(CommitRequest)}. */
    CommitDecision await(CommitRequest request, QueuedTask<CommitDecision> pending) {
        return outcome(request.agent(), queue.await(pending));
    }

    private CommitDecision outcome(String agent, CommitDecision decision) {
        if (decision instanceof Refused refused) {
            recorder.refused(agent, refused);
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

    /** Sets an observer that is called each time a commit is fenced. It must not throw. */
    public void whenFenced(Consumer<List<LostClaim>> observer) {
        whenFenced = observer;
    }

    /** Notifies the observer of a fencing refusal, and records the refusal if provenance is enabled. */
    public void keepFenced(String agent, List<LostClaim> lost) {
        whenFenced.accept(lost);
        recorder.fenced(agent, lost);
    }

    /** Waits until all refusals so far are recorded, if provenance is enabled. */
    public void settle() {
        recorder.settle();
    }

    /** Returns the request to commit a batch, with its values encoded. */
    CommitRequest request(String agent, List<FencingToken> fencedBy, WriteBatch writes) {
        List<EncodedWrite<?>> members = new ArrayList<>();
        writes.members().forEach(member -> members.add(encoder.member(member)));
        List<FencingToken> claims = new ArrayList<>(fencedBy);
        writes.claims().forEach(claim -> {
            fences.refuseFormer(claim.token());
            claims.add(FencingToken.of(claim));
        });
        writes.basis().ifPresent(fences::refuseFormer);
        List<EncodedAppend<?>> appends = new ArrayList<>();
        writes.appends().forEach(append -> appends.add(encoder.append(append)));
        Optional<ReadSet> basis =
                writes.basis().map(snapshot -> SnapshotReadSet.of(snapshot, fences.storeId(), members, appends));
        return new CommitRequest(agent, members, appends, claims, basis, Optional.empty());
    }

    /**
     * Runs a transaction.
     *
     * @param attachment the participant that writes extra rows in the same commit, for the result of the function
     */
    <R> R transact(
            String agent,
            List<FencingToken> claims,
            Function<? super Transaction, ? extends R> work,
            RetryPolicy policy,
            Function<? super R, Optional<CommitParticipant>> attachment) {
        try (ContendedKeys.Place place = contended.place()) {
            return RetryLoop.run(policy, queue, work, thinking -> {
                BufferedTransaction run = new BufferedTransaction(cache, reads, encoder, claims);
                R result;
                try {
                    result = thinking.time(() -> work.apply(run));
                } catch (PrunedException e) {
                    // Retention has pruned part of this run's snapshot; the next run reads a newer one.
                    return new Attempt.Again<>(List.of(run.overtaken().orElseThrow(() -> e)), false);
                } finally {
                    run.end();
                }
                Optional<CommitRequest> request = run.request(agent, attachment.apply(result));
                if (request.isEmpty()) {
                    // A commit verifies the history of the file; without one, the read must.
                    reads.verify();
                } else if (thinking.isQuick() && place.awaitRefused(run.namesRead())) {
                    return new Attempt.Outdated<>();
                } else if (commit(request.get(), thinking.isQuick()) instanceof Refused refused) {
                    List<Refusal> refusals = again(refused.refusals());
                    return new Attempt.Again<>(refusals, thinking.isQuick() && place.refused(namesChanged(refusals)));
                }
                return new Attempt.Done<>(result);
            });
        }
    }

    private static List<String> namesChanged(List<Refusal> refusals) {
        return refusals.stream()
                .filter(ReadConflict.class::isInstance)
                .map(refusal -> ((ReadConflict) refusal).read())
                .toList();
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
}
