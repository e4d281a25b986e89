package dev.fencepost.history;

import dev.fencepost.InvalidInputException;
import dev.fencepost.Snapshot;
import dev.fencepost.Store;
import dev.fencepost.internal.util.Arguments;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The history that is kept of each key, or each stream of events. A version or event that neither setting keeps is
 * pruned. The newest version of a key, the newest event of a stream, and all that an open {@link Snapshot} can see are
 * always kept. Immutable.
 *
 * @param versions the number of newest versions or events to keep; empty to keep none by number
 * @param age the last span of time: versions that were current in it, and events of it, are kept; empty to keep none by
 *     age. Times are those of the commits, by the writers' clocks: see {@link Store#snapshotAt(java.time.Instant)}. The
 *     end of the span is the earliest of the clocks that compare; see {@link Retention}
 */
public record RetentionPolicy(OptionalInt versions, Optional<Duration> age) {
    private static final Duration LONGEST = Duration.ofDays(36_500);

    /**
     * Creates a policy.
     *
     * @throws InvalidInputException if both are empty, the number is below 1, or the age is negative or over 36,500
     *     days
     */
    public RetentionPolicy {
        Arguments.required(versions, "versions");
        Arguments.required(age, "age");
        if (versions.isEmpty() && age.isEmpty()) {
            throw new InvalidInputException("The retention policy has neither a number nor an age; give at least one");
        }
        if (versions.isPresent() && versions.getAsInt() < 1) {
            throw new InvalidInputException("The number of versions to keep is " + versions.getAsInt()
                    + "; it must be at least 1, since the newest is never pruned");
        }
        if (age.isPresent() && (age.get().isNegative() || age.get().compareTo(LONGEST) > 0)) {
            throw new InvalidInputException("The age to keep is " + age.get() + "; it must be from zero to " + LONGEST);
        }
    }

    /** Keeps the newest versions or events, up to a number. */
    public static RetentionPolicy latest(int versions) {
        return new RetentionPolicy(OptionalInt.of(versions), Optional.empty());
    }

    /** Keeps the versions that were current in the last span of time, and the events of it. */
    public static RetentionPolicy within(Duration age) {
        Arguments.required(age, "age");
        return new RetentionPolicy(OptionalInt.empty(), Optional.of(age));
    }

    /** Keeps the newest up to a number, and also those of the last span of time. */
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
