package dev.fencepost.internal.claim;

import dev.fencepost.Claim;
import dev.fencepost.ClaimEnd;
import dev.fencepost.ClaimInfo;
import dev.fencepost.ClaimResult;
import dev.fencepost.ClaimToken;
import dev.fencepost.FencedException;
import dev.fencepost.InvalidInputException;
import dev.fencepost.Key;
import dev.fencepost.Lease;
import dev.fencepost.LostClaim;
import dev.fencepost.OutcomeUnknownException;
import dev.fencepost.Page;
import dev.fencepost.StoreConfig;
import dev.fencepost.internal.commit.CommitQueue;
import dev.fencepost.internal.commit.Committer;
import dev.fencepost.internal.commit.FencingCheck;
import dev.fencepost.internal.commit.FencingToken;
import dev.fencepost.internal.commit.WriteTransaction;
import dev.fencepost.internal.engine.ProcessMessages;
import dev.fencepost.internal.process.LivenessChecker;
import dev.fencepost.internal.process.LivenessChecker.LivenessView;
import dev.fencepost.internal.read.CommitNotifier;
import dev.fencepost.internal.read.ReaderPool;
import dev.fencepost.internal.sql.Bounds;
import dev.fencepost.internal.sql.ClaimRow;
import dev.fencepost.internal.sql.ClaimTables;
import dev.fencepost.internal.sql.Session;
import dev.fencepost.internal.sql.TimeTables.Pin;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** Grants, resumes, revokes and takes over claims, each change as a task of the commit queue. */
public final class Claims implements AutoCloseable {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int NONCE_BYTES = 8;

    private final StoreConfig config;
    private final CommitQueue queue;
    private final ReaderPool reads;
    private final Committer committer;
    private final FencingCheck fences;
    final Heartbeat heartbeat;
    final HeldClaims heldClaims;
    final LossDetector losses;
    private final LivenessChecker liveness;
    private final CommitNotifier notifier;
    final Grants grants;
    final WaitingRequests waiting;

    public Claims(
            StoreConfig config,
            CommitQueue queue,
            ReaderPool reads,
            Committer committer,
            FencingCheck fences,
            CommitNotifier notifier,
            LivenessChecker liveness,
            ProcessMessages messages) {
        this.config = config;
        this.queue = queue;
        this.reads = reads;
        this.committer = committer;
        this.fences = fences;
        this.notifier = notifier;
        this.liveness = liveness;
        this.grants = new Grants(fences.storeId());
        this.waiting = new WaitingRequests(grants, messages, config);
        queue.handOverBy(new ClaimHandover(grants, liveness, waiting));
        this.heartbeat = new Heartbeat(queue, config.heartbeat());
        this.heldClaims = new HeldClaims(queue, reads, committer, fences, notifier, heartbeat);
        this.losses = new LossDetector(reads, fences, notifier, config.heartbeat());
        committer.whenFenced(losses::fenced);
    }

    /** Returns the heartbeat of this process. */
    public Heartbeat heartbeat() {
        return heartbeat;
    }

    /** Requests a claim, and waits for it if necessary. */
    public ClaimResult claim(String agent, Collection<? extends Key<?>> keys, Lease lease, Duration wait) {
        return claim(agent, keys, lease, wait, () -> false);
    }

    /**
     * Requests a claim, and waits for it if necessary.
     *
     * @param givesUp whether the caller no longer wants the claim; checked now and then while it waits
     */
    public ClaimResult claim(
            String agent, Collection<? extends Key<?>> keys, Lease lease, Duration wait, BooleanSupplier givesUp) {
        ClaimAttempt.ClaimSpec spec = spec(agent, keys, lease, wait);
        ClaimAttempt.Outcome answer;
        try {
            answer = ask(spec, wait, givesUp);
        } catch (OutcomeUnknownException e) {
            heldClaims.abandon(new Departure(grants, spec, false), e);
            throw e;
        }
        if (answer instanceof ClaimAttempt.Outcome.Granted granted) {
            return new ClaimResult.Granted(handleOrGiveBack(agent, granted.claim(), lease.heartbeats()));
        }
        return answer instanceof ClaimAttempt.Outcome.Queued queued
                ? queued.busy()
                : ((ClaimAttempt.Outcome.Refused) answer).result();
    }

    private ClaimAttempt.Outcome ask(ClaimAttempt.ClaimSpec spec, Duration wait, BooleanSupplier givesUp) {
        if (spec.patience().isEmpty()) {
            return queue.submit(new ClaimAttempt(spec, liveness, grants, Optional.empty(), false));
        }
        boolean crowded = !waiting.isEmpty();
        GrantSignal signal = waiting.add(spec);
        try {
            ClaimAttempt.Outcome answer =
                    queue.submit(new ClaimAttempt(spec, liveness, grants, Optional.empty(), crowded));
            return answer instanceof ClaimAttempt.Outcome.Queued queued
                    ? waiter(spec, signal, queued).await(wait, givesUp)
                    : answer;
        } finally {
            waiting.remove(spec);
        }
    }

    private ClaimWaiter waiter(ClaimAttempt.ClaimSpec spec, GrantSignal signal, ClaimAttempt.Outcome.Queued queued) {
        boolean hears = queue.process().map(waiting::hears).orElse(false);
        return new ClaimWaiter(
                spec, liveness, grants, signal, hears, queued, queue, reads, heartbeat, notifier, config.clock());
    }

    private ClaimAttempt.ClaimSpec spec(String agent, Collection<? extends Key<?>> keys, Lease lease, Duration wait) {
        List<String> names = keys.stream().map(Key::name).distinct().sorted().toList();
        if (names.isEmpty() || names.size() > Claim.MAX_KEYS) {
            throw new InvalidInputException(
                    "The claim has " + names.size() + " keys; it must have 1 to " + Claim.MAX_KEYS + " keys");
        }
        keys.forEach(committer::checkKey);
        Duration shortest = liveness.shortestLease();
        if (lease.heartbeats() && lease.length().compareTo(shortest) < 0) {
            throw new InvalidInputException("The lease is " + lease.length() + "; with a heartbeat every "
                    + config.heartbeat() + " it must be at least " + shortest
                    + ". Use a longer lease, or open the store with a shorter heartbeat");
        }
        if (wait.isNegative() || wait.compareTo(config.maxWait()) > 0) {
            throw new InvalidInputException(
                    "The wait for a claim is " + wait + "; it must be from zero to " + config.maxWait());
        }
        byte[] nonce = new byte[NONCE_BYTES];
        RANDOM.nextBytes(nonce);
        return new ClaimAttempt.ClaimSpec(
                HexFormat.of().formatHex(nonce),
                agent,
                ProcessHandle.current().pid(),
                Thread.currentThread().getId(),
                names,
                lease,
                wait.isZero() ? Optional.empty() : Optional.of(wait.toMillis()));
    }

    /** Creates the handle of a granted claim. Releases the claim if the heartbeat thread cannot be started. */
    private Claim handleOrGiveBack(String agent, FencingToken claim, boolean beats) {
        try {
            if (beats) {
                heartbeat.needed();
            }
            return handle(agent, claim, beats ? heartbeat::notNeeded : () -> {});
        } catch (RuntimeException | Error e) {
            queue.change(HeldClaims.releasing(agent, claim));
            throw e;
        }
    }

    private Claim handle(String agent, FencingToken claim, Runnable onEnd) {
        return new DefaultClaim(agent, claim, heldClaims, losses, committer, onEnd);
    }

    /** Resumes a claim that was granted elsewhere. */
    public Claim resume(String agent, ClaimToken token) {
        try {
            return handle(agent, held(token), () -> {});
        } catch (FencedException e) {
            committer.keepFenced(agent, e.lost());
            throw e;
        }
    }

    /**
     * Returns a claim that is held, without writing.
     *
     * @throws FencedException if it has ended
     */
    public FencingToken held(ClaimToken token) {
        fences.refuseFormer(token);
        return reads.read(session -> {
            ClaimTables tables = new ClaimTables(session);
            fences.refuseUnknown(token, tables);
            List<FencingToken.KeyEpoch> keys = tables.keysOf(token.claim()).stream()
                    .map(key -> new FencingToken.KeyEpoch(key.key(), key.epoch()))
                    .toList();
            FencingToken ref = new FencingToken(token, keys);
            List<LostClaim> lost = fences.lost(ref, tables);
            if (!lost.isEmpty()) {
                throw queue.orClosing(new FencedException(lost));
            }
            return ref;
        });
    }

    /** Ends the claim on a key, if there is one. Returns it as it was, once for each of its keys. */
    public List<ClaimInfo> revoke(String agent, Key<?> key) {
        List<ClaimInfo> revoked = queue.submit(scope -> {
            Optional<Long> claim = scope.values().key(key.name()).claim();
            if (claim.isEmpty()) {
                return List.<ClaimInfo>of();
            }
            ClaimRow grant = scope.claims().holder(claim.get());
            LivenessView view = liveness.at(scope.claims(), scope.now());
            List<ClaimInfo> ended = scope.claims().keysOf(grant.id()).stream()
                    .map(held -> view.seen(grant, held.key(), held.epoch()))
                    .toList();
            scope.end(grant.id(), scope.sequence(agent), ClaimEnd.REVOKED);
            return ended;
        });
        notifier.notifyKeys(revoked.stream().map(ClaimInfo::key).toList());
        return revoked;
    }

    /** Returns whether a claim has ended, or could be taken over now. */
    public boolean isFree(Session session, long claim) {
        ClaimTables tables = new ClaimTables(session);
        return HeldClaims.open(claim, tables)
                .map(grant -> view(tables).ending(grant).isPresent())
                .orElse(true);
    }

    /** Ends a claim that could be taken over now. Returns whether it has ended, by this or before. */
    public boolean endIfFree(WriteTransaction scope, long claim, long sequence) {
        Optional<ClaimRow> open = HeldClaims.open(claim, scope.claims());
        Optional<ClaimEnd> ending = open.flatMap(grant -> liveness.reclaim(grant, scope.claims(), scope.now()));
        ending.ifPresent(how -> scope.end(claim, sequence, how));
        return open.isEmpty() || ending.isPresent();
    }

    /** Returns the state of a claim on a key; empty if it has ended. */
    public Optional<ClaimInfo> holder(Session session, long claim, String key) {
        ClaimTables tables = new ClaimTables(session);
        return HeldClaims.open(claim, tables)
                .flatMap(grant -> tables.keysOf(claim).stream()
                        .filter(held -> held.key().equals(key))
                        .map(held -> view(tables).seen(grant, held.key(), held.epoch()))
                        .findFirst());
    }

    /**
     * Returns the claims that are held, in the order of their keys.
     *
     * @param after the key after which to begin; empty begins with the first
     */
    public Page<ClaimInfo> held(String after, Bounds bounds) {
        return reads.read(session -> {
            ClaimTables tables = new ClaimTables(session);
            LivenessView view = view(tables);
            return tables.held(after, bounds).map(held -> view.seen(held.grant(), held.key(), held.epoch()));
        });
    }

    private LivenessView view(ClaimTables tables) {
        return liveness.at(tables, config.clock().millis());
    }

    /** Returns the lease, or the shortest one that the heartbeat interval allows if that is longer. */
    public Duration bearable(Duration lease) {
        Duration shortest = liveness.shortestLease();
        return lease.compareTo(shortest) < 0 ? shortest : lease;
    }

    /** Deletes the open snapshots of dead and silent processes. Returns the others, in the order of their sequences. */
    public List<Pin> reclaimPins(WriteTransaction scope) {
        LivenessView view = liveness.at(scope.claims(), scope.now());
        long agreed = scope.agreedNow(Duration.ZERO);
        // This process lives, however long it could not write a heartbeat.
        List<Pin> live = new ArrayList<>();
        for (Pin pin : scope.time().pins()) {
            if (pin.process() == scope.process() || view.shows(pin.process(), pin.lease(), agreed)) {
                live.add(pin);
            } else {
                scope.time().deletePin(pin.id());
            }
        }
        view.repair();
        return live;
    }

    /**
     * Releases the claims of this process, removes its requests from the queue, and closes the commit queue. No other
     * commit of this process comes in between, so none of its requests is granted what it releases.
     */
    @Override
    public void close() {
        heartbeat.close();
        losses.close();
        try {
            queue.close(alone -> queue.process().ifPresent(process -> leave(process, alone)));
        } finally {
            waiting.close();
            heartbeat.awaitEnd();
            losses.awaitEnd();
        }
    }

    /** Removes the requests, so that none is granted, and releases each claim in the name of the agent that held it. */
    private void leave(long process, CommitQueue.Alone alone) {
        heartbeat.settle(alone);
        waiting.all().forEach(spec -> alone.submit(new Departure(grants, spec, false)));
        List<ClaimRow> open = reads.read(session -> {
            ClaimTables tables = new ClaimTables(session);
            return tables.openClaimsOf(process).stream().map(tables::holder).toList();
        });
        for (ClaimRow grant : open) {
            alone.change(HeldClaims.releasing(grant.holder().agent(), grant.id(), grant.nonce()));
        }
        alone.change(scope -> {
            scope.claims().deleteWaitersOf(process);
            scope.time().deletePinsOf(process);
            if (heartbeat.isShowing()) {
                scope.claims().heartbeat(process, scope.now());
            }
            scope.claims().closeProcess(process, scope.now());
        });
    }
}
