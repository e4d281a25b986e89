package dev.fencepost.internal.commit;

import dev.fencepost.ClaimEnd;
import dev.fencepost.ClaimToken;
import dev.fencepost.FencedException;
import dev.fencepost.LostClaim;
import dev.fencepost.Snapshot;
import dev.fencepost.internal.sql.ClaimKeyRow;
import dev.fencepost.internal.sql.ClaimRow;
import dev.fencepost.internal.sql.ClaimTables;
import dev.fencepost.internal.sql.FormerStores;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Checks that a claim still owns all its keys, so that zombies are fenced. */
public final class FencingCheck {
    private final String storeId;
    private final FormerStores former;

    public FencingCheck(String storeId) {
        this(storeId, FormerStores.NONE);
    }

    public FencingCheck(String storeId, FormerStores former) {
        this.storeId = storeId;
        this.former = former;
    }

    /**
     * Refuses the token of a claim that was granted in a former history.
     *
     * @throws dev.fencepost.LostHistoryException if the token is of a former history
     */
    public void refuseFormer(ClaimToken token) {
        former.refuse(token.storeId(), "The claim token '" + token + "'");
    }

    /**
     * Refuses a token whose claim is not in this store, so that its keys and epochs cannot be read.
     *
     * @throws FencedException if the token is unknown
     */
    public void refuseUnknown(ClaimToken token, ClaimTables tables) {
        if (grant(token, tables).isEmpty()) {
            throw FencedException.unknownToken(token, storeId);
        }
    }

    /**
     * Refuses a snapshot of a former history.
     *
     * @throws dev.fencepost.LostHistoryException if the snapshot is of a former history
     */
    void refuseFormer(Snapshot snapshot) {
        if (snapshot instanceof SnapshotReadSet basis) {
            former.refuse(basis.storeId(), "The snapshot of sequence " + snapshot.sequence());
        }
    }

    /** Returns the random ID of the store. */
    public String storeId() {
        return storeId;
    }

    /**
     * Returns the lost keys of a claim; empty if the claim is held. A claim is held while it has not ended and each of
     * its epochs is the present epoch of its key. Versions do not matter: a claim can be lost although its keys were
     * not written.
     */
    public List<LostClaim> lost(FencingToken claim, ClaimTables tables) {
        Optional<ClaimRow> grant = grant(claim.token(), tables);
        if (grant.isEmpty()) {
            return unknown(claim, tables);
        }
        Map<String, ClaimKeyRow> present = tables.keysOf(grant.get().id()).stream()
                .collect(Collectors.toMap(ClaimKeyRow::key, Function.identity()));
        List<LostClaim> lost = new ArrayList<>();
        for (FencingToken.KeyEpoch mine : claim.keys()) {
            long now = present.containsKey(mine.key())
                    ? present.get(mine.key()).presentEpoch()
                    : tables.presentEpoch(mine.key());
            if (grant.get().end().isPresent() || now != mine.epoch()) {
                lost.add(fenced(mine, now, grant.get()));
            }
        }
        return lost;
    }

    private static LostClaim fenced(FencingToken.KeyEpoch mine, long now, ClaimRow grant) {
        return new LostClaim(
                mine.key(),
                mine.epoch(),
                now,
                grant.end().map(ClaimRow.End::ending).orElse(ClaimEnd.UNKNOWN),
                grant.end().map(ClaimRow.End::by),
                grant.end().map(end -> Instant.ofEpochMilli(end.at())));
    }

    private static List<LostClaim> unknown(FencingToken claim, ClaimTables tables) {
        return claim.keys().stream()
                .map(mine -> new LostClaim(
                        mine.key(),
                        mine.epoch(),
                        tables.presentEpoch(mine.key()),
                        ClaimEnd.UNKNOWN,
                        Optional.empty(),
                        Optional.empty()))
                .toList();
    }

    private Optional<ClaimRow> grant(ClaimToken token, ClaimTables tables) {
        return token.storeId().equals(storeId)
                ? tables.grant(token.claim()).filter(row -> row.nonce().equals(token.nonce()))
                : Optional.empty();
    }
}
