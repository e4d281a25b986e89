package dev.fencepost.internal.process;

import dev.fencepost.ClaimEnd;
import dev.fencepost.internal.sql.ClaimRow;
import dev.fencepost.internal.sql.ClaimTables;
import java.util.Optional;

/** Decides which claims can be taken over. The commit path asks it, and {@link LivenessChecker} implements it. */
@FunctionalInterface
public interface ReclaimPolicy {
    /**
     * Decides in a write transaction whether a claim is taken over now. If the clock was put back, corrects the dates
     * of the claim that are in the future.
     *
     * @return the reason to record for the end of the claim; empty if it is alive
     */
    Optional<ClaimEnd> reclaim(ClaimRow claim, ClaimTables tables, long now);
}
