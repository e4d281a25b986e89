package dev.fencepost;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The exception for an operation under a claim that has been lost. Nothing was written, and a retry cannot help. The
 * values that were read under the claim may be out of date, so start again with a new claim.
 */
public final class FencedException extends FencepostException {
    private static final long serialVersionUID = 1;

    private final transient List<LostClaim> lost;

    public FencedException(List<LostClaim> lost) {
        super("fenced", false, lost.stream().map(LostClaim::message).collect(Collectors.joining("; ")), null);
        this.lost = List.copyOf(lost);
    }

    private FencedException(String message, LostClaim unknown) {
        super("fenced", false, message, null);
        this.lost = List.of(unknown);
    }

    /**
     * Creates the refusal of a token that the store does not know. Its keys and epochs cannot be read.
     *
     * @param storeId the id of the store that was given the token
     */
    public static FencedException unknownToken(ClaimToken token, String storeId) {
        String message = token.storeId().equals(storeId)
                ? "Unknown claim token '" + token
                        + "': this store has no such claim. The token is wrong, or retention has"
                        + " pruned the claim. Claim the keys again."
                : "Unknown claim token '" + token + "': the store " + token.storeId()
                        + " granted it, and this store is " + storeId + ". Use it with the store that granted it.";
        return new FencedException(
                message, new LostClaim("", 0, 0, ClaimEnd.UNKNOWN, Optional.empty(), Optional.empty()));
    }

    /**
     * Returns the lost claims, one entry for each key. For a token that the store does not know, the one entry has no
     * key.
     */
    public List<LostClaim> lost() {
        return lost;
    }
}
