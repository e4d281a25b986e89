package dev.fencepost;

import dev.fencepost.internal.util.Arguments;
import java.time.Duration;

/**
 * The required freshness of a read with {@link Store#get(Key, Freshness)}. At every level, a read never returns a state
 * older than what the same store has written or read before. So a writer always sees its own writes.
 *
 * <p>Only a key in the read cache can be answered without reading the file. Any other key is read from the file, and
 * its value is the latest. Immutable.
 */
public sealed interface Freshness {
    /** The freshness of {@link #latest()}. */
    record Latest() implements Freshness {
        private static final Latest INSTANCE = new Latest();
    }

    /** The freshness of {@link #atLeast(Position)}. */
    record AtLeast(Position position) implements Freshness {
        public AtLeast {
            Arguments.required(position, "position");
        }
    }

    /** The freshness of {@link #maxStaleness(Duration)}. */
    record MaxStaleness(Duration age) implements Freshness {
        private static final Duration MOST = Duration.ofDays(365);

        /**
         * Creates the freshness with a maximum age.
         *
         * @throws InvalidInputException if the age is negative or over 365 days
         */
        public MaxStaleness {
            Arguments.required(age, "age");
            if (age.isNegative() || age.compareTo(MOST) > 0) {
                throw new InvalidInputException(
                        "The maximum staleness is " + age + "; it must be from zero to 365" + " days");
            }
        }
    }

    /** The freshness of {@link #any()}. */
    record Any() implements Freshness {
        private static final Any INSTANCE = new Any();
    }

    /**
     * Returns the strictest freshness: the read includes every commit acknowledged by any process before the read
     * began, as {@link Reader#get} does.
     */
    static Freshness latest() {
        return Latest.INSTANCE;
    }

    /**
     * Returns the freshness that includes every commit up to a position. These are all commits that the store of the
     * position had made or read, in any process. Later commits may be missing.
     *
     * @param position the result of {@link Store#position()} of a store on the same file
     */
    static Freshness atLeast(Position position) {
        return new AtLeast(position);
    }

    /**
     * Returns the freshness with a maximum age. The value was the latest at some moment within that age before the read
     * begins. A monotonic clock measures the age; it does not advance while the machine sleeps.
     *
     * @param age the maximum age, from zero to 365 days; zero is nearly as slow as {@link #latest()}
     * @throws InvalidInputException if the age is out of bounds
     */
    static Freshness maxStaleness(Duration age) {
        return new MaxStaleness(age);
    }

    /**
     * Returns the weakest freshness: the cached value, however old. Such a read does not refresh the cache. Only reads
     * with a stricter freshness, and writes through the same store, refresh it. Use {@link #maxStaleness} where the
     * value must become current in the end.
     */
    static Freshness any() {
        return Any.INSTANCE;
    }
}
