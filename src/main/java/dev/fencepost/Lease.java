package dev.fencepost;

import java.time.Duration;

/**
 * How long a claim lives. A lease that runs out does not end the claim; it lets others take it over.
 *
 * @param length how long the claim lives after the last heartbeat or renewal
 * @param maxHold how long heartbeats may carry it without a renewal, so that a hung agent in a living process
 *     ends too
 * @param heartbeats whether the heartbeats of the process extend the lease; if not, the claim lives by its lease alone
 *     and survives the process that made it
 */
public record Lease(Duration length, Duration maxHold, boolean heartbeats) {
    private static final Duration LONGEST_HOLD = Duration.ofMinutes(10);
    private static final Duration MOST = Duration.ofDays(365);

    /**
     * A lease with all its settings.
     *
     * @throws InvalidInputException if a duration is under a millisecond or over 365 days, or the longest hold is shorter
     *     than the lease
     */
    public Lease {
        Arguments.required(length, "length");
        Arguments.required(maxHold, "maxHold");
        check("The lease", length);
        check("The longest hold", maxHold);
        if (maxHold.compareTo(length) < 0) {
            throw new InvalidInputException("The longest hold, " + maxHold + ", is shorter than the lease, " + length
                    + "; make it at least as long");
        }
    }

    /**
     * A lease that heartbeats extend while the process lives, for ten minutes or one lease, whichever is longer. Work that
     * takes longer renews the claim as it gets on ({@link Claim#renew}), or sets a {@link #maxHold(Duration)} of its own.
     */
    public static Lease of(Duration length) {
        Arguments.required(length, "length");
        return new Lease(length, LONGEST_HOLD.compareTo(length) < 0 ? length : LONGEST_HOLD, true);
    }

    /** A lease that nothing extends but {@link Claim#renew()}, and that survives the process that made it. */
    public static Lease withoutHeartbeats(Duration length) {
        Arguments.required(length, "length");
        return new Lease(length, length, false);
    }

    /** The same lease with another longest hold. */
    public Lease maxHold(Duration hold) {
        Arguments.required(hold, "hold");
        return new Lease(length, hold, heartbeats);
    }

    private static void check(String what, Duration duration) {
        if (duration.compareTo(Duration.ofMillis(1)) < 0 || duration.compareTo(MOST) > 0) {
            throw new InvalidInputException(what + " is " + duration + "; it must be from a millisecond to 365 days");
        }
    }
}
