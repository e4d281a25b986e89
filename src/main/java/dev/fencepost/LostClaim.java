package dev.fencepost;

import java.time.Instant;
import java.util.Optional;

/**
 * A claim that was lost, as recorded for one of its keys.
 *
 * @param key the name of the key; empty if the token of the claim is unknown in this store
 * @param epoch the epoch of the key under the lost claim; 0 if the token is unknown
 * @param presentEpoch the epoch of the key now
 * @param ending the event that ended the claim
 * @param endedBy the agent whose commit ended it; empty if the claim is not known here
 * @param endedAt the time of its end; empty if the claim is not known here
 */
public record LostClaim(
        String key,
        long epoch,
        long presentEpoch,
        ClaimEnd ending,
        Optional<String> endedBy,
        Optional<Instant> endedAt) {
    /** Returns a description of the loss, as one readable sentence. */
    public String message() {
        if (key.isEmpty()) {
            return "the claim " + ending.sentence();
        }
        return "the claim on '" + key + "' under epoch " + epoch + " " + ending.sentence()
                + endedBy.map(by -> " (by " + by + ")").orElse("") + "; its epoch is " + presentEpoch + " now";
    }
}
