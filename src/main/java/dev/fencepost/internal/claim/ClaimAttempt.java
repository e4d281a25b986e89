package dev.fencepost.internal.claim;

import dev.fencepost.ClaimHolder;
import dev.fencepost.ClaimResult;
import dev.fencepost.ClaimResult.Busy;
import dev.fencepost.ClaimResult.Waiter;
import dev.fencepost.Lease;
import dev.fencepost.internal.commit.CommitTask;
import dev.fencepost.internal.commit.FencingToken;
import dev.fencepost.internal.commit.WriteTransaction;
import dev.fencepost.internal.process.LivenessChecker;
import dev.fencepost.internal.process.LivenessChecker.LivenessView;
import dev.fencepost.internal.sql.ClaimRow;
import dev.fencepost.internal.sql.KeyRow;
import dev.fencepost.internal.sql.WaiterRow;
import java.util.List;
import java.util.Optional;

/**
 * One attempt to get a claim on all keys of a request, or none. It is granted if there is no obstacle, and takes over
 * dead or expired claims. Otherwise it is refused, or queued unless waiting would be a deadlock.
 */
final class ClaimAttempt implements CommitTask<ClaimAttempt.Outcome> {
    /** The outcome of an attempt. */
    sealed interface Outcome {
        record Granted(FencingToken claim) implements Outcome {}

        /** The request is not in the queue: it does not wait, or waiting would be a deadlock. */
        record Refused(ClaimResult result) implements Outcome {}

        /** The request is in the queue. It may have more obstacles than are listed. */
        record Queued(long ticket, Busy busy) implements Outcome {}
    }

    /**
     * A claim request.
     *
     * @param patience the longest wait, in milliseconds; empty if the request does not wait
     */
    record ClaimSpec(
            String nonce,
            String agent,
            long pid,
            long thread,
            List<String> keys,
            Lease lease,
            Optional<Long> patience) {
        /** Returns the request of a process, without a ticket; it waits until a time of day, in milliseconds. */
        WaiterRow request(long process, long until) {
            ClaimRow.Terms terms = new ClaimRow.Terms(
                    lease.length().toMillis(), lease.maxHold().toMillis(), lease.heartbeats());
            return new WaiterRow(Long.MAX_VALUE, new ClaimHolder(agent, process, pid), thread, until, nonce, terms);
        }
    }

    private final ClaimSpec spec;
    private final LivenessChecker liveness;
    private final Grants grants;
    private final Optional<Long> ticket;
    private final boolean crowded;

    /**
     * Creates an attempt.
     *
     * @param ticket the ticket of the request if it is already in the queue
     * @param crowded whether other requests of this process wait, so that this one probably will
     */
    ClaimAttempt(ClaimSpec spec, LivenessChecker liveness, Grants grants, Optional<Long> ticket, boolean crowded) {
        this.spec = spec;
        this.liveness = liveness;
        this.grants = grants;
        this.ticket = ticket;
        this.crowded = crowded;
    }

    @Override
    public Outcome apply(WriteTransaction scope) {
        LivenessView view = liveness.at(scope.claims(), scope.now());
        Outcome outcome = attempt(view, scope);
        view.repair();
        return outcome;
    }

    /** A queued request is void after a loss of power, since its process has died. A grant is not: its epoch counts. */
    @Override
    public boolean mustSurvive(Outcome outcome) {
        return !(outcome instanceof Outcome.Queued);
    }

    @Override
    public boolean isForcedLate() {
        return crowded;
    }

    private Outcome attempt(LivenessView view, WriteTransaction scope) {
        List<KeyRow> keys = spec.keys().stream().map(scope.values()::key).toList();
        // The place may be lost: the request was granted by another commit, or others have passed it while this process
        // sent no heartbeats.
        Optional<Long> place = ticket.filter(scope.claims()::isQueued);
        if (ticket.isPresent() && place.isEmpty()) {
            Optional<FencingToken> granted =
                    grants.find(spec.nonce(), spec.keys().get(0), scope);
            if (granted.isPresent()) {
                return new Outcome.Granted(granted.get());
            }
        }
        // A request that will wait needs only one obstacle. To find all would hold the write lock longer.
        boolean all = spec.patience().isEmpty();
        Blockers blockers = Blockers.find(keys, place.orElse(Long.MAX_VALUE), all, view);
        if (blockers.none()) {
            return grant(keys, blockers, scope);
        }
        if (place.isPresent()) {
            return new Outcome.Queued(place.get(), blockers.busy());
        }
        scope.trace().notGranted(spec.agent(), blockers.held().isEmpty() ? "behind" : "held", keys);
        return spec.patience().isPresent()
                ? enqueue(keys, blockers.busy(), view, scope)
                : new Outcome.Refused(blockers.busy());
    }

    private Outcome enqueue(List<KeyRow> seen, Busy busy, LivenessView view, WriteTransaction scope) {
        long until = scope.now() + spec.patience().orElseThrow();
        WaiterRow request = spec.request(scope.process(), until);
        Optional<List<Waiter>> circle = new DeadlockDetector(view, request).closedBy(seen);
        if (circle.isPresent()) {
            return new Outcome.Refused(new ClaimResult.Deadlock(circle.get()));
        }
        List<KeyRow> keys = seen.stream().map(key -> known(key, scope)).toList();
        // An idle process sends no heartbeats, and must not look dead when it begins to wait.
        liveness.show(scope.process(), scope.claims(), scope.now());
        return new Outcome.Queued(scope.claims().insertWaiter(request, scope.now(), keys), busy);
    }

    private Outcome grant(List<KeyRow> seen, Blockers blockers, WriteTransaction scope) {
        List<KeyRow> keys = seen.stream().map(key -> known(key, scope)).toList();
        WaiterRow request = spec.request(scope.process(), scope.now());
        long claim = scope.sequence(spec.agent());
        FencingToken granted = grants.grant(request, keys, blockers, claim, scope);
        ticket.ifPresent(scope.claims()::deleteWaiter);
        return new Outcome.Granted(granted);
    }

    private static KeyRow known(KeyRow key, WriteTransaction scope) {
        return key.id() == 0 ? scope.values().insertKey(key.key()) : key;
    }
}
