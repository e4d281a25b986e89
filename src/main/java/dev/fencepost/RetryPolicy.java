package dev.fencepost;

import dev.fencepost.internal.util.Arguments;
import java.time.Duration;

/**
 * The number and timing of retries after a refusal that can pass. The bound of the delays doubles from the first to the
 * longest. Each delay is drawn at random between zero and its bound, so that contenders spread out ('full jitter', M.
 * Brooker, 'Exponential Backoff And Jitter', 2015). Immutable.
 *
 * @param maxAttempts the most attempts, the first included
 * @param initialDelay the bound of the first delay
 * @param maxDelay the largest bound of a delay
 * @param maxDuration the longest time from the first attempt to the beginning of the last
 */
public record RetryPolicy(int maxAttempts, Duration initialDelay, Duration maxDelay, Duration maxDuration) {
    private static final Duration MOST = Duration.ofDays(365);

    /**
     * Creates a policy with all its settings.
     *
     * @throws InvalidInputException if there are no attempts, a duration is negative, the longest delay or duration is
     *     over 365 days, or the delays shrink
     */
    public RetryPolicy {
        Arguments.required(initialDelay, "initialDelay");
        Arguments.required(maxDelay, "maxDelay");
        Arguments.required(maxDuration, "maxDuration");
        if (maxAttempts < 1) {
            throw new InvalidInputException(
                    "The retry policy has " + maxAttempts + " attempts; it must have at least" + " 1");
        }
        if (maxDuration.compareTo(MOST) > 0 || maxDelay.compareTo(MOST) > 0) {
            throw new InvalidInputException("The retry policy has a maximum delay of " + maxDelay + " and a maximum"
                    + " duration of "
                    + maxDuration + "; each must be at most " + MOST.toDays() + " days");
        }
        if (initialDelay.isNegative() || maxDelay.compareTo(initialDelay) < 0 || maxDuration.isNegative()) {
            throw new InvalidInputException("The retry policy has delays from " + initialDelay + " to " + maxDelay
                    + " and a maximum duration of " + maxDuration + "; none may be negative, and the maximum delay"
                    + " must be at least the initial one");
        }
    }

    /** Returns the default policy of a store: up to 1,000 attempts within ten seconds. */
    public static RetryPolicy standard() {
        return new RetryPolicy(1_000, Duration.ofNanos(200_000), Duration.ofMillis(20), Duration.ofSeconds(10));
    }

    /** Returns a policy with a single attempt. */
    public static RetryPolicy never() {
        return new RetryPolicy(1, Duration.ZERO, Duration.ZERO, Duration.ZERO);
    }

    /** Returns this policy with another number of attempts. */
    public RetryPolicy maxAttempts(int most) {
        return new RetryPolicy(most, initialDelay, maxDelay, maxDuration);
    }

    /** Returns this policy with another longest duration. */
    public RetryPolicy maxDuration(Duration longest) {
        return new RetryPolicy(maxAttempts, initialDelay, maxDelay, longest);
    }
}
