package dev.fencepost.internal.claim;

import dev.fencepost.ClaimResult.Busy;
import dev.fencepost.Ending;
import dev.fencepost.HeldClaim;
import dev.fencepost.internal.sql.ClaimTables;
import dev.fencepost.internal.sql.GrantRow;
import dev.fencepost.internal.sql.KeyRow;
import dev.fencepost.internal.sql.WaiterRow;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What stands between a request and its keys: claims that live, and living requests that came first. Also the claims
 * that nobody keeps alive, which would have to be taken over.
 */
record Obstacles(
        Map<KeyRow, GrantRow> held, List<WaiterRow> ahead, List<WaiterRow> abandoned, Map<Long, Ending> reclaimable) {

    /**
     * Looks at the keys of a request.
     *
     * @param ticket of the request; requests with higher tickets came later
     */
    static Obstacles find(List<KeyRow> keys, long ticket, Lives.Moment moment) {
        ClaimTables tables = moment.tables();
        Map<KeyRow, GrantRow> held = new LinkedHashMap<>();
        Map<Long, WaiterRow> ahead = new LinkedHashMap<>();
        List<WaiterRow> abandoned = new ArrayList<>();
        Map<Long, Ending> reclaimable = new LinkedHashMap<>();
        for (KeyRow key : keys) {
            if (key.claim().isPresent()) {
                GrantRow grant = tables.grant(key.claim().get()).orElseThrow();
                Optional<Ending> ending = moment.ending(grant);
                ending.ifPresentOrElse(how -> reclaimable.put(grant.id(), how), () -> held.put(key, grant));
            }
            for (WaiterRow waiter : tables.waitersFor(key.id(), ticket)) {
                if (moment.waits(waiter)) {
                    ahead.put(waiter.ticket(), waiter);
                } else if (moment.isAbandoned(waiter)) {
                    abandoned.add(waiter);
                }
            }
        }
        return new Obstacles(held, new ArrayList<>(ahead.values()), abandoned, reclaimable);
    }

    boolean none() {
        return held.isEmpty() && ahead.isEmpty();
    }

    Busy busy() {
        List<HeldClaim> claims = held.entrySet().stream()
                .map(entry ->
                        entry.getValue().on(entry.getKey().key(), entry.getKey().epoch()))
                .toList();
        return new Busy(claims, ahead.size());
    }
}
