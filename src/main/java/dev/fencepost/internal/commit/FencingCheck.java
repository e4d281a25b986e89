package dev.fencepost.internal.commit;

import dev.fencepost.ClaimEnd;
import dev.fencepost.ClaimToken;
import dev.fencepost.FencedException;
import dev.fencepost.LostClaim;
import dev.fencepost.Snapshot;
import dev.fencepost.internal.sql.ClaimRow;
import dev.fencepost.internal.sql.ClaimTables;
import dev.fencepost.internal.sql.FormerStores;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

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
        return isHeld(claim, tables) ? List.of() : findLost(claim, tables);
    }

    private boolean isHeld(FencingToken claim, ClaimTables tables) {
        if (!claim.token().storeId().equals(storeId)) {
            return false;
        }
        Map<String, Long> present =
                tables.heldKeys(claim.token().claim(), claim.token().nonce());
        return claim.keys().stream().allMatch(mine -> Objects.equals(present.get(mine.key()), mine.epoch()));
    }

    private List<LostClaim> findLost(FencingToken claim, ClaimTables tables) {
        Optional<ClaimRow> grant = grant(claim.token(), tables);
        Optional<ClaimRow.End> end = grant.flatMap(ClaimRow::end);
        Map<String, Long> present = new HashMap<>();
        grant.ifPresent(row -> tables.keysOf(row.id()).forEach(key -> present.put(key.key(), key.presentEpoch())));
        List<LostClaim> lost = new ArrayList<>();
        for (FencingToken.KeyEpoch mine : claim.keys()) {
            long now = present.computeIfAbsent(mine.key(), tables::presentEpoch);
            if (grant.isEmpty() || end.isPresent() || now != mine.epoch()) {
                lost.add(new LostClaim(
                        mine.key(),
                        mine.epoch(),
                        now,
                        end.map(ClaimRow.End::ending).orElse(ClaimEnd.UNKNOWN),
                        end.map(ClaimRow.End::by),
                        end.map(ended -> Instant.ofEpochMilli(ended.at()))));
            }
        }
        return lost;
    }

    private Optional<ClaimRow> grant(ClaimToken token, ClaimTables tables) {
        return token.storeId().equals(storeId)
                ? tables.grant(token.claim()).filter(row -> row.nonce().equals(token.nonce()))
                : Optional.empty();
    }
}
