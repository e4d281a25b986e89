package dev.fencepost;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * How much is kept of each key, or each stream of events. What neither of the two keeps is let go; the newest version of
 * a key, and the newest event of a stream, always stay, and so does what an open {@link Snapshot} can see. Immutable.
 *
 * @param versions so many of the newest are kept; empty if their number keeps none
 * @param age versions that were current in this last span of time, and events of it, are kept; empty if age keeps none.
 *     Times are those of the commits, by the clocks of those who wrote: see {@link Store#snapshotAt(java.time.Instant)}.
 *     The end of the span is the earliest of the clocks that compare; see {@link Retention}
 */
public record RetentionPolicy(OptionalInt versions, Optional<Duration> age) {
    private static final Duration LONGEST = Duration.ofDays(36_500);

    /**
     * How much is kept.
     *
     * @throws InvalidInputException if nothing is said, the number is below 1, or the age is negative or over a hundred
     *     years
     */
    public RetentionPolicy {
        Arguments.required(versions, "versions");
        Arguments.required(age, "age");
        if (versions.isEmpty() && age.isEmpty()) {
            throw new InvalidInputException("Neither a number nor an age is given; say how much is to be kept");
        }
        if (versions.isPresent() && versions.getAsInt() < 1) {
            throw new InvalidInputException("The number of versions to keep is " + versions.getAsInt()
                    + "; it must be at least 1, since the newest always stays");
        }
        if (age.isPresent() && (age.get().isNegative() || age.get().compareTo(LONGEST) > 0)) {
            throw new InvalidInputException("The age to keep is " + age.get() + "; it must be from zero to " + LONGEST);
        }
    }

    /** Keeps so many of the newest. */
    public static RetentionPolicy latest(int versions) {
        return new RetentionPolicy(OptionalInt.of(versions), Optional.empty());
    }

    /** Keeps what was current in the last span of time, by the store's clock. */
    public static RetentionPolicy within(Duration age) {
        Arguments.required(age, "age");
        return new RetentionPolicy(OptionalInt.empty(), Optional.of(age));
    }

    /** Keeps so many of the newest, and what was current in the last span of time: each of the two keeps what it keeps. */
    public static RetentionPolicy latestOrWithin(int versions, Duration age) {
        Arguments.required(age, "age");
        return new RetentionPolicy(OptionalInt.of(versions), Optional.of(age));
    }

    @Override
    public String toString() {
        String count = versions.isPresent() ? "the newest " + versions.getAsInt() : "";
        String span = age.map(length -> "the last " + length).orElse("");
        return count.isEmpty() || span.isEmpty() ? count + span : count + " and " + span;
    }
}
