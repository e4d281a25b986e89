package dev.fencepost.internal.commit;

import dev.fencepost.Claim;
import dev.fencepost.InvalidInputException;

/** Converts claims to fencing tokens. */
final class FencingTokens {
    private FencingTokens() {}

    static FencingToken of(Claim claim) {
        if (claim instanceof FencedClaim fencing) {
            return fencing.ref();
        }
        throw new InvalidInputException(
                "The claim was not created by this library; use the object that claim or resume returned");
    }
}
