package dev.fencepost.internal.txn;

import dev.fencepost.ClaimEnd;
import dev.fencepost.internal.sql.ClaimTables;
import dev.fencepost.internal.sql.GrantRow;
import java.util.Optional;

/** Says which claims can be taken over; the commit path asks, and the package that knows about claims answers. */
@FunctionalInterface
public interface Reclaims {
    /** What would end the claim if somebody took it over now; empty if it is alive. */
    Optional<ClaimEnd> ending(GrantRow claim, ClaimTables tables, long now);
}
