package dev.fencepost.internal.claim;

import dev.fencepost.ClaimEnd;
import dev.fencepost.internal.commit.CommitTask;
import dev.fencepost.internal.commit.FencingToken;
import dev.fencepost.internal.commit.WriteTransaction;
import dev.fencepost.internal.sql.ClaimTables;
import dev.fencepost.internal.sql.KeyRow;
import java.util.Optional;

/**
 * The end of a wait. The request leaves the queue, so that no later request waits behind one that no thread waits for.
 * If it was granted at the same moment, the claim is returned, or released for a caller that cannot take it. So a grant
 * is never left without an owner.
 */
final class Departure implements CommitTask<Optional<FencingToken>> {
    private final Grants grants;
    private final ClaimAttempt.ClaimSpec spec;
    private final boolean takes;

    /**
     * Creates the task, which is idempotent.
     *
     * @param takes whether the caller takes a claim that was granted
     */
    Departure(Grants grants, ClaimAttempt.ClaimSpec spec, boolean takes) {
        this.grants = grants;
        this.spec = spec;
        this.takes = takes;
    }

    @Override
    public Optional<FencingToken> apply(WriteTransaction scope) {
        ClaimTables tables = scope.claims();
        tables.ticketOf(spec.nonce()).ifPresent(ticket -> {
            scope.free(tables.keysOfWaiter(ticket).stream().map(KeyRow::id).toList());
            tables.deleteWaiter(ticket);
        });
        Optional<FencingToken> granted = grants.find(spec.nonce(), spec.keys().get(0), scope);
        if (takes) {
            return granted;
        }
        granted.ifPresent(claim -> scope.end(claim.token().claim(), scope.sequence(spec.agent()), ClaimEnd.RELEASED));
        return Optional.empty();
    }
}
