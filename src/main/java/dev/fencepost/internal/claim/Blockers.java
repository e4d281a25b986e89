package dev.fencepost.internal.claim;

import dev.fencepost.ClaimEnd;
import dev.fencepost.ClaimInfo;
import dev.fencepost.ClaimResult.Busy;
import dev.fencepost.internal.process.LivenessChecker.LivenessView;
import dev.fencepost.internal.sql.ClaimRow;
import dev.fencepost.internal.sql.KeyRow;
import dev.fencepost.internal.sql.WaiterRow;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The obstacles of a claim request: live claims on its keys, and live requests that came first. Also the claims that a
 * grant would have to take over.
 *
 * @param held the live claims, by key
 * @param ahead the live requests that came first
 * @param reclaimable the claims that are dead or expired, with the end that a takeover records
 */
record Blockers(Map<KeyRow, ClaimRow> held, List<WaiterRow> ahead, Map<ClaimRow, ClaimEnd> reclaimable) {

    /** Creates an empty set of obstacles. */
    static Blockers empty() {
        return new Blockers(new LinkedHashMap<>(), new ArrayList<>(), new LinkedHashMap<>());
    }

    /**
     * Finds the obstacles of a request.
     *
     * @param ticket the ticket of the request; requests with higher tickets came later
     * @param all whether to find all obstacles, or only the first, which is enough to know that the request must wait
     */
    static Blockers find(List<KeyRow> keys, long ticket, boolean all, LivenessView view) {
        Blockers found = empty();
        Set<Long> counted = new HashSet<>();
        for (KeyRow key : keys) {
            found.addHolder(key, view);
            if (!all && !found.none()) {
                return found;
            }
            for (WaiterRow waiter : view.tables().waitersFor(key.id(), ticket)) {
                if (view.keepsItsPlace(waiter) && counted.add(waiter.ticket())) {
                    found.ahead.add(waiter);
                    if (!all) {
                        return found;
                    }
                }
            }
        }
        return found;
    }

    private void addHolder(KeyRow key, LivenessView view) {
        if (key.claim().isPresent()) {
            ClaimRow grant = view.tables().holder(key.claim().get());
            view.ending(grant).ifPresentOrElse(how -> reclaimable.put(grant, how), () -> held.put(key, grant));
        }
    }

    boolean none() {
        return held.isEmpty() && ahead.isEmpty();
    }

    Busy busy() {
        List<ClaimInfo> claims = held.entrySet().stream()
                .map(entry ->
                        entry.getValue().on(entry.getKey().key(), entry.getKey().epoch()))
                .toList();
        return new Busy(claims, ahead.size());
    }
}
