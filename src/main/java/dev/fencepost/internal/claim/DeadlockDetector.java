package dev.fencepost.internal.claim;

import dev.fencepost.ClaimEnd;
import dev.fencepost.ClaimResult.Waiter;
import dev.fencepost.internal.process.LivenessChecker.LivenessView;
import dev.fencepost.internal.sql.ClaimRow;
import dev.fencepost.internal.sql.KeyRow;
import dev.fencepost.internal.sql.WaiterRow;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Detects the deadlock that a new request would cause: a depth-first search for a cycle in the waits-for graph. A
 * request waits for the threads that hold its keys, and for those whose requests for its keys came first. The nodes are
 * threads, so one agent that works in several threads is not taken for a cycle.
 */
final class DeadlockDetector {
    private record Worker(long process, long thread) {}

    private final LivenessView view;
    private final WaiterRow request;
    private final Worker asking;
    private final Set<Long> visited = new HashSet<>();

    DeadlockDetector(LivenessView view, WaiterRow request) {
        this.view = view;
        this.request = request;
        this.asking = new Worker(request.holder().process(), request.thread());
    }

    /**
     * Returns the cycle that the request would close, itself first; empty if it may wait. A cycle must return to the
     * requesting thread. So there is none if that thread holds no claim and has no other request. This check is one
     * query, instead of several for each waiter.
     */
    Optional<List<Waiter>> closedBy(List<KeyRow> keys) {
        if (!view.tables().canBeWaitedFor(asking.process(), asking.thread())) {
            return Optional.empty();
        }
        List<Waiter> path = new ArrayList<>();
        path.add(waiter(request, keys));
        return follow(keys, request.ticket(), path) ? Optional.of(path) : Optional.empty();
    }

    private boolean follow(List<KeyRow> keys, long ticket, List<Waiter> path) {
        Blockers blockers = Blockers.find(keys, ticket, true, view);
        // In the order of the keys, so that the same cycle is found each time.
        Set<Worker> before = new LinkedHashSet<>();
        blockers.held().values().forEach(grant -> before.add(worker(grant)));
        // The holder of an expired lease can still renew it before a takeover. A dead holder cannot.
        blockers.reclaimable().forEach((grant, ending) -> {
            if (ending != ClaimEnd.HOLDER_DEAD) {
                before.add(worker(grant));
            }
        });
        blockers.ahead().forEach(waiter -> before.add(worker(waiter)));
        for (Worker worker : before) {
            if (worker.equals(asking) || followWaitsOf(worker, path)) {
                return true;
            }
        }
        return false;
    }

    private boolean followWaitsOf(Worker worker, List<Waiter> path) {
        for (WaiterRow waiter : view.tables().waitersOf(worker.process(), worker.thread())) {
            if (view.keepsItsPlace(waiter) && visited.add(waiter.ticket())) {
                List<KeyRow> keys = view.tables().keysOfWaiter(waiter.ticket());
                path.add(waiter(waiter, keys));
                if (follow(keys, waiter.ticket(), path)) {
                    return true;
                }
                path.remove(path.size() - 1);
            }
        }
        return false;
    }

    private static Worker worker(ClaimRow grant) {
        return new Worker(grant.holder().process(), grant.thread());
    }

    private static Worker worker(WaiterRow waiter) {
        return new Worker(waiter.holder().process(), waiter.thread());
    }

    private static Waiter waiter(WaiterRow waiter, List<KeyRow> keys) {
        return new Waiter(waiter.holder(), keys.stream().map(KeyRow::key).toList());
    }
}
