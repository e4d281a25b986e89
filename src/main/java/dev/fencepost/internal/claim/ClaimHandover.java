package dev.fencepost.internal.claim;

import dev.fencepost.internal.commit.FencingToken;
import dev.fencepost.internal.commit.HandOver;
import dev.fencepost.internal.commit.WriteTransaction;
import dev.fencepost.internal.process.LivenessChecker;
import dev.fencepost.internal.process.LivenessChecker.LivenessView;
import dev.fencepost.internal.sql.ClaimTables;
import dev.fencepost.internal.sql.ClaimTables.FirstWaiter;
import dev.fencepost.internal.sql.KeyRow;
import dev.fencepost.internal.sql.WaiterRow;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Hands claims over: grants the first request for each freed key, of any process, in the commit that frees the key. Then
 * it wakes that waiter alone.
 *
 * <p>A request for several keys is granted when all are free and it is the first for each. A request that lost its place
 * is removed, and the next one takes its turn. The lease of another process's claim begins with the first heartbeat of
 * that process after the grant. So a waiter that dies or stalls before it learns of its grant delays others no longer
 * than it did as a waiter. A waiter that gives up meanwhile finds the grant when it leaves the queue; see
 * {@link Departure}.
 */
final class ClaimHandover implements HandOver {
    private final Grants grants;
    private final LivenessChecker liveness;
    private final WaitingRequests waiting;

    ClaimHandover(Grants grants, LivenessChecker liveness, WaitingRequests waiting) {
        this.grants = grants;
        this.liveness = liveness;
        this.waiting = waiting;
    }

    @Override
    public void grant(Set<Long> freed, WriteTransaction scope) {
        LivenessView view = liveness.at(scope.claims(), scope.now());
        Deque<Long> keys = new ArrayDeque<>(freed);
        while (!keys.isEmpty()) {
            firstFor(keys.remove(), view, scope, keys).ifPresent(first -> grantIfFree(first, view, scope));
        }
        view.repair();
    }

    /**
     * Returns the first request for a key that keeps its place, and removes those before it.
     *
     * @param others receives the keys of the removed requests, for which other requests may be the first now
     */
    private static Optional<FirstWaiter> firstFor(
            long key, LivenessView view, WriteTransaction scope, Deque<Long> others) {
        ClaimTables tables = scope.claims();
        Set<Long> removed = new HashSet<>();
        Optional<FirstWaiter> first = tables.firstWaiterFor(key);
        while (first.isPresent() && !keepsItsPlace(first.get().request(), view, scope)) {
            long ticket = first.get().request().ticket();
            tables.keysOfWaiter(ticket).forEach(wanted -> removed.add(wanted.id()));
            tables.deleteWaiter(ticket);
            first = tables.firstWaiterFor(key);
        }
        removed.remove(key);
        others.addAll(removed);
        return first;
    }

    /** This process lives, however long it could not write a heartbeat. */
    private static boolean keepsItsPlace(WaiterRow request, LivenessView view, WriteTransaction scope) {
        return request.holder().process() == scope.process()
                ? request.until() >= scope.now()
                : view.keepsItsPlace(request);
    }

    private void grantIfFree(FirstWaiter first, LivenessView view, WriteTransaction scope) {
        if (first.keys() == 1 && first.key().claim().isEmpty()) {
            grant(first.request(), List.of(first.key()), Blockers.empty(), scope);
            return;
        }
        List<KeyRow> keys = scope.claims().keysOfWaiter(first.request().ticket());
        Blockers blockers = Blockers.find(keys, first.request().ticket(), false, view);
        if (blockers.none()) {
            grant(first.request(), keys, blockers, scope);
        }
    }

    private void grant(WaiterRow request, List<KeyRow> keys, Blockers blockers, WriteTransaction scope) {
        long claim = scope.nextSequence(request.holder().agent());
        FencingToken granted = grants.grant(request, keys, blockers, claim, scope);
        scope.claims().deleteWaiter(request.ticket());
        long now = scope.now();
        boolean own = request.holder().process() == scope.process();
        scope.afterwards(() -> {
            if (own) {
                waiting.granted(request, granted);
            } else {
                waiting.send(request, granted, now);
            }
        });
    }
}
