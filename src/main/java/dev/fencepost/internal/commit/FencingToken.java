package dev.fencepost.internal.commit;

import dev.fencepost.Claim;
import dev.fencepost.ClaimToken;
import dev.fencepost.InvalidInputException;
import java.util.List;

/** A claim that a commit depends on: its token, and the epoch of each of its keys as it was granted. */
public record FencingToken(ClaimToken token, List<KeyEpoch> keys) {
    /** A key under a claim, and its epoch at the grant. */
    public record KeyEpoch(String key, long epoch) {}

    public FencingToken {
        keys = List.copyOf(keys);
    }

    /** Returns the fencing token of a claim: of the claims that its own writes depend on, the only one. */
    static FencingToken of(Claim claim) {
        if (claim instanceof AbstractWriter writer) {
            return writer.claims().get(0);
        }
        throw new InvalidInputException(
                "The claim was not created by this library; use the object that claim or resume returned");
    }
}
