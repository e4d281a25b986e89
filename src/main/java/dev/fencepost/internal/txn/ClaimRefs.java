package dev.fencepost.internal.txn;

import dev.fencepost.Claim;
import dev.fencepost.InvalidInputException;

/** Finds what a claim stands for in the commit path. */
final class ClaimRefs {
    private ClaimRefs() {}

    static ClaimRef of(Claim claim) {
        if (claim instanceof Fencing fencing) {
            return fencing.ref();
        }
        throw new InvalidInputException(
                "The claim is not one of this library's; use the object that claim or resume returned");
    }
}
