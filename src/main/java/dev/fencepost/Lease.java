package dev.fencepost;

import dev.fencepost.internal.util.Arguments;
import java.time.Duration;

/**
 * The duration of a claim. A lease that runs out does not end the claim; it permits a takeover.
 *
 * @param length the duration of the claim after the last heartbeat or renewal
 * @param maxHold the longest time that heartbeats can extend the claim without a renewal; it bounds the claim of a
 *     hung agent in a live process
 * @param heartbeats whether the heartbeats of the process extend the lease; if not, only a renewal extends it, and the
 *     claim outlives the process that made it
 */
public record Lease(Duration length, Duration maxHold, boolean heartbeats) {
    private static final Duration LONGEST_HOLD = Duration.ofMinutes(10);
    private static final Duration MOST = Duration.ofDays(365);

    /**
     * Creates a lease with all its settings.
     *
     * @throws InvalidInputException if a duration is under a millisecond or over 365 days, or the longest hold is
     *     shorter than the lease
     */
    public Lease {
        Arguments.required(length, "length");
        Arguments.required(maxHold, "maxHold");
        check("The lease", length);
        check("The maximum hold", maxHold);
        if (maxHold.compareTo(length) < 0) {
            throw new InvalidInputException("The maximum hold, " + maxHold + ", is shorter than the lease, " + length
                    + "; make it at least as long");
        }
    }

    /**
     * Returns a lease that heartbeats extend while the process lives, for ten minutes or one lease, whichever is
     * longer. A holder that needs longer renews the claim periodically ({@link Claim#renew}), or sets its own
     * {@link #maxHold(Duration)}.
     */
    public static Lease of(Duration length) {
        Arguments.required(length, "length");
        return new Lease(length, LONGEST_HOLD.compareTo(length) < 0 ? length : LONGEST_HOLD, true);
    }

    /** Returns a lease that only {@link Claim#renew()} extends, and that outlives the process that made it. */
    public static Lease withoutHeartbeats(Duration length) {
        Arguments.required(length, "length");
        return new Lease(length, length, false);
    }

    /** Returns this lease with another longest hold. */
    public Lease maxHold(Duration hold) {
        Arguments.required(hold, "hold");
        return new Lease(length, hold, heartbeats);
    }

    private static void check(String what, Duration duration) {
        if (duration.compareTo(Duration.ofMillis(1)) < 0 || duration.compareTo(MOST) > 0) {
            throw new InvalidInputException(what + " is " + duration + "; it must be from 1 ms to 365 days");
        }
    }
}
