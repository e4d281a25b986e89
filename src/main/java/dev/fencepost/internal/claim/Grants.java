package dev.fencepost.internal.claim;

import dev.fencepost.ClaimEnd;
import dev.fencepost.ClaimToken;
import dev.fencepost.internal.commit.FencingToken;
import dev.fencepost.internal.commit.WriteTransaction;
import dev.fencepost.internal.sql.ClaimRow;
import dev.fencepost.internal.sql.ClaimTables;
import dev.fencepost.internal.sql.KeyRow;
import dev.fencepost.internal.sql.VersionTables;
import dev.fencepost.internal.sql.WaiterRow;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Writes the grant of a claim, and reads it again. */
final class Grants {
    private final String storeId;

    Grants(String storeId) {
        this.storeId = storeId;
    }

    /**
     * Grants a request that has no obstacle, with all its keys. The lease begins now.
     *
     * @param keys the keys of the request, ordered by name
     * @param blockers the claims to take over
     * @param claim the sequence of the commit, in the name of the request's agent
     */
    FencingToken grant(WaiterRow request, List<KeyRow> keys, Blockers blockers, long claim, WriteTransaction scope) {
        Map<Long, ClaimEnd> ended = new LinkedHashMap<>();
        blockers.reclaimable().forEach((lost, ending) -> {
            scope.takeOver(lost.id(), claim, ending);
            ended.put(lost.id(), ending);
        });
        ClaimTables tables = scope.claims();
        tables.insertGrant(
                row(request, claim, scope.now(), request.holder().process() != scope.process()), keys.size());
        List<FencingToken.KeyEpoch> epochs = new ArrayList<>();
        for (KeyRow key : keys) {
            // A takeover has raised the epoch.
            KeyRow free = ended.isEmpty() ? key : scope.values().key(key.key());
            epochs.add(new FencingToken.KeyEpoch(key.key(), tables.take(free, claim)));
        }
        FencingToken granted = new FencingToken(token(claim, request.nonce()), epochs);
        scope.trace().granted(request.holder().agent(), granted, ended);
        return granted;
    }

    private static ClaimRow row(WaiterRow request, long claim, long now, boolean handedOver) {
        return new ClaimRow(
                claim,
                request.nonce(),
                request.holder(),
                request.thread(),
                request.terms(),
                now,
                now,
                now,
                Optional.empty(),
                handedOver);
    }

    private ClaimToken token(long claim, String nonce) {
        return new ClaimToken("fpc-" + storeId + "-" + claim + "-" + nonce);
    }

    /** Returns the claim with a number, a nonce, and these epochs of its keys. */
    FencingToken token(long claim, String nonce, List<FencingToken.KeyEpoch> epochs) {
        return new FencingToken(token(claim, nonce), epochs);
    }

    /**
     * Returns the claim that a request was granted, if it is held.
     *
     * @param key one of its keys
     */
    Optional<FencingToken> find(String nonce, String key, WriteTransaction scope) {
        VersionTables values = scope.values();
        ClaimTables tables = scope.claims();
        return values.key(key)
                .claim()
                .map(tables::holder)
                .filter(claim -> claim.nonce().equals(nonce))
                .map(claim -> token(
                        claim.id(),
                        nonce,
                        tables.keysOf(claim.id()).stream()
                                .map(held -> new FencingToken.KeyEpoch(held.key(), held.epoch()))
                                .toList()));
    }
}
