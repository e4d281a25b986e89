package dev.fencepost;

import java.time.Duration;

/**
 * How often and how long to try again after a refusal that can pass. The bound of the
 * delays doubles from the first to the longest, and each delay is drawn at random between nothing and its bound ('full
 * jitter', M. Brooker, 'Exponential Backoff And Jitter', 2015), so that contenders spread out. Immutable.
 *
 * @param attempts the most attempts, the first included
 * @param firstDelay the bound of the first delay
 * @param longestDelay the bound that the delays grow to
 * @param deadline the longest time from the first attempt to the beginning of the last
 */
public record Retry(int attempts, Duration firstDelay, Duration longestDelay, Duration deadline) {
    private static final Duration MOST = Duration.ofDays(365);

    /**
     * A policy with all its settings.
     *
     * @throws InvalidInputException if there are no attempts, a duration is negative, or the delays shrink
     */
    public Retry {
        Arguments.required(firstDelay, "firstDelay");
        Arguments.required(longestDelay, "longestDelay");
        Arguments.required(deadline, "deadline");
        if (attempts < 1) {
            throw new InvalidInputException("A retry has " + attempts + " attempts; it must have at least 1");
        }
        if (deadline.compareTo(MOST) > 0 || longestDelay.compareTo(MOST) > 0) {
            throw new InvalidInputException("A retry has a longest delay of " + longestDelay + " and a deadline of "
                    + deadline + "; neither may be over " + MOST.toDays() + " days");
        }
        if (firstDelay.isNegative() || longestDelay.compareTo(firstDelay) < 0 || deadline.isNegative()) {
            throw new InvalidInputException("A retry has delays from " + firstDelay + " to " + longestDelay
                    + " and a deadline of " + deadline + "; none may be negative, nor the longest under the first");
        }
    }

    /** What a store does unless it is told otherwise: up to 1,000 attempts within ten seconds. */
    public static Retry standard() {
        return new Retry(1_000, Duration.ofNanos(200_000), Duration.ofMillis(20), Duration.ofSeconds(10));
    }

    /** One attempt only. */
    public static Retry never() {
        return new Retry(1, Duration.ZERO, Duration.ZERO, Duration.ZERO);
    }

    /** The same with another number of attempts. */
    public Retry attempts(int most) {
        return new Retry(most, firstDelay, longestDelay, deadline);
    }

    /** The same with another deadline. */
    public Retry deadline(Duration longest) {
        return new Retry(attempts, firstDelay, longestDelay, longest);
    }
}
