package dev.fencepost.internal.process;

import dev.fencepost.ClaimEnd;
import dev.fencepost.internal.sql.ClaimRow;
import dev.fencepost.internal.sql.ClaimTables;
import java.util.Optional;

/** Decides which claims can be taken over. The commit path asks it, and {@link LivenessChecker} implements it. */
@FunctionalInterface
public interface ReclaimPolicy {
    /** Returns the reason that a takeover now would record for the end of a claim; empty if the claim is alive. */
    Optional<ClaimEnd> ending(ClaimRow claim, ClaimTables tables, long now);
}
