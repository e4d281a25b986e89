package dev.fencepost.internal.process;

import dev.fencepost.ClaimEnd;
import dev.fencepost.internal.sql.ClaimRow;
import dev.fencepost.internal.sql.ClaimTables;
import java.util.Optional;

/** Says which claims can be taken over; the commit path asks, and the package that knows about claims answers. */
@FunctionalInterface
public interface ReclaimPolicy {
    /** What would end the claim if somebody took it over now; empty if it is alive. */
    Optional<ClaimEnd> ending(ClaimRow claim, ClaimTables tables, long now);
}
