package dev.fencepost;

import java.time.Instant;

/**
 * The claim on one key, as others see it. It has not ended, but others may be able to take it over.
 *
 * @param key the name of the key
 * @param epoch the epoch of the key under the claim
 * @param holder who holds it
 * @param grantedAt when it was granted, by the holder's clock
 * @param expiresAt when its lease ends unless a heartbeat or a renewal extends it; from then on it can be taken over
 * @param status tells whether others can take it over, and why
 */
public record ClaimInfo(
        String key, long epoch, ClaimHolder holder, Instant grantedAt, Instant expiresAt, Status status) {
    /**
     * Tells whether others can take over a claim that has not ended. Claims of a past place are {@link #HELD}: only the
     * present is judged.
     */
    public enum Status {
        /** Others cannot take it over. */
        HELD("held"),
        /** Its lease has expired. */
        LAPSED("lapsed"),
        /** Heartbeats have extended it for its longest hold. */
        HELD_TOO_LONG("held-too-long"),
        /** The process that held it is gone. */
        HOLDER_DEAD("holder-dead");

        private final String word;

        Status(String word) {
            this.word = word;
        }

        /** Returns the name of the status in views and on the command line. */
        public String word() {
            return word;
        }
    }

    /** Creates a claim that others cannot take over. */
    public ClaimInfo(String key, long epoch, ClaimHolder holder, Instant grantedAt, Instant expiresAt) {
        this(key, epoch, holder, grantedAt, expiresAt, Status.HELD);
    }
}
