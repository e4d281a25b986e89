package dev.fencepost.internal.claim;

import dev.fencepost.ClaimEnd;
import dev.fencepost.FencedException;
import dev.fencepost.FencepostException;
import dev.fencepost.LostClaim;
import dev.fencepost.OutcomeUnknownException;
import dev.fencepost.StoreClosedException;
import dev.fencepost.internal.claim.Heartbeat.Owed;
import dev.fencepost.internal.commit.CommitQueue;
import dev.fencepost.internal.commit.Committer;
import dev.fencepost.internal.commit.FencingCheck;
import dev.fencepost.internal.commit.FencingToken;
import dev.fencepost.internal.commit.WriteTransaction;
import dev.fencepost.internal.read.CommitNotifier;
import dev.fencepost.internal.read.ReaderPool;
import dev.fencepost.internal.sql.ClaimRow;
import dev.fencepost.internal.sql.ClaimTables;
import dev.fencepost.internal.util.Patience;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/** The operations of holders on their claims. Safe for use by many threads. */
final class HeldClaims {
    private final CommitQueue queue;
    private final ReaderPool reads;
    private final Committer committer;
    private final FencingCheck fences;
    private final CommitNotifier notifier;
    private final Heartbeat heartbeat;

    HeldClaims(
            CommitQueue queue,
            ReaderPool reads,
            Committer committer,
            FencingCheck fences,
            CommitNotifier notifier,
            Heartbeat heartbeat) {
        this.queue = queue;
        this.reads = reads;
        this.committer = committer;
        this.fences = fences;
        this.notifier = notifier;
        this.heartbeat = heartbeat;
    }

    /** Restarts the lease and the longest hold; returns when the lease ends. */
    Instant renew(String agent, FencingToken claim) {
        return whileHeld("renew", agent, claim, scope -> {
            scope.claims().renew(claim.token().claim(), scope.now());
            scope.trace().renewed(agent, claim.token().claim());
            return expiry(claim, scope.claims());
        });
    }

    /** Returns when the lease ends, as the file records it. */
    Instant expiresAt(FencingToken claim) {
        return reads.read(session -> expiry(claim, new ClaimTables(session)));
    }

    private Instant expiry(FencingToken claim, ClaimTables tables) {
        return tables.grant(claim.token().claim())
                .map(grant -> Instant.ofEpochMilli(grant.expiresAt()))
                .orElseThrow(() -> new FencedException(fences.lost(claim, tables)));
    }

    /** Releases a claim. */
    void release(String agent, FencingToken claim) {
        whileHeld("release", agent, claim, scope -> {
            scope.end(claim.token().claim(), scope.sequence(agent), ClaimEnd.RELEASED);
            return true;
        });
        released(claim);
    }

    /** Notifies waiters that a claim was released. */
    void released(FencingToken claim) {
        notifier.notifyKeys(keys(claim));
    }

    private <R> R whileHeld(String what, String agent, FencingToken claim, Function<WriteTransaction, R> change) {
        record Outcome<R>(List<LostClaim> lost, Optional<R> result) {}
        Outcome<R> outcome = queue.submit(scope -> {
            List<LostClaim> lost = fences.lost(claim, scope.claims());
            if (lost.isEmpty()) {
                return new Outcome<>(lost, Optional.of(change.apply(scope)));
            }
            scope.trace().fenced(agent, what, claim.token().claim());
            return new Outcome<R>(lost, Optional.empty());
        });
        return outcome.result().orElseThrow(() -> fenced(agent, outcome.lost()));
    }

    private FencedException fenced(String agent, List<LostClaim> lost) {
        committer.keepFenced(agent, lost);
        return new FencedException(lost);
    }

    /**
     * Releases a claim with the next heartbeat that succeeds, also if its lease does not depend on heartbeats.
     *
     * @param afterwards an action to run once, after the claim was released
     */
    void releaseLater(String agent, FencingToken claim, Runnable afterwards, Throwable because) {
        Owed release = new Owed("Releasing the claim on " + keys(claim), releasing(agent, claim), () -> {
            afterwards.run();
            notifier.notifyKeys(keys(claim));
        });
        heartbeat.owe(release, because);
    }

    /**
     * Ends a request that may have been queued or granted and that no caller knows. Heartbeats must not keep it alive.
     */
    void abandon(Departure departure, OutcomeUnknownException unknown) {
        try {
            Patience.of(Duration.ZERO).during(() -> queue.submit(departure));
        } catch (FencepostException e) {
            unknown.addSuppressed(e);
            if (!(e instanceof StoreClosedException)) {
                heartbeat.owe(new Owed("Releasing a claim that may have been granted", departure::apply, () -> {}), e);
            }
        }
    }

    /** Returns the change that releases a claim unless it has ended. */
    static Consumer<WriteTransaction> releasing(String agent, FencingToken claim) {
        return releasing(agent, claim.token().claim(), claim.token().nonce());
    }

    /** Returns the change that releases a claim unless it has ended. */
    static Consumer<WriteTransaction> releasing(String agent, long claim, String nonce) {
        return scope -> open(claim, scope.claims())
                .filter(grant -> grant.nonce().equals(nonce))
                .ifPresent(grant -> scope.end(grant.id(), scope.sequence(agent), ClaimEnd.RELEASED));
    }

    /** Returns a claim; empty if it has ended. */
    static Optional<ClaimRow> open(long claim, ClaimTables tables) {
        return tables.grant(claim).filter(grant -> grant.end().isEmpty());
    }

    /** Returns the names of the keys of a claim. */
    static List<String> keys(FencingToken claim) {
        return claim.keys().stream().map(FencingToken.KeyEpoch::key).toList();
    }
}
