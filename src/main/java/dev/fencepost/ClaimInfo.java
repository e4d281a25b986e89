package dev.fencepost;

import java.time.Instant;

/**
 * The claim on one key, as other agents see it. The claim has not ended, but others may be able to take it over.
 *
 * @param key the name of the key
 * @param epoch the epoch of the key under the claim
 * @param holder the holder of the claim
 * @param grantedAt the time of the grant, by the holder's clock
 * @param expiresAt the time when the lease ends unless a heartbeat or a renewal extends it; from then on the claim can
 *     be taken over
 * @param status whether others can take the claim over, and why
 */
public record ClaimInfo(
        String key, long epoch, ClaimHolder holder, Instant grantedAt, Instant expiresAt, Status status) {
    /**
     * The possibility of a takeover of a claim that has not ended. Claims read from a past state are {@link #HELD}: the
     * status is computed only for the present.
     */
    public enum Status {
        /** A claim that others cannot take over. */
        HELD("held"),
        /** A claim whose lease has expired. */
        LAPSED("lapsed"),
        /** A claim that heartbeats have extended for its longest hold. */
        HELD_TOO_LONG("held-too-long"),
        /** A claim whose holder's process is gone. */
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
