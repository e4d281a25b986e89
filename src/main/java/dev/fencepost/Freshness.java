package dev.fencepost;

import java.time.Duration;

/**
 * How fresh a read must be, for {@link Store#get(Key, Freshness)}. Whatever is asked for, no read goes back behind what
 * was written or read through the same store before: a writer never sees its own writes undone.
 *
 * <p>Only a key that is in the read cache can be answered without asking the file; one that is not is read from the
 * file, and is the latest. Immutable.
 */
public sealed interface Freshness {
    /** The latest. */
    record Latest() implements Freshness {
        private static final Latest INSTANCE = new Latest();
    }

    /** At least what a position stands for. */
    record AtLeast(Position position) implements Freshness {
        public AtLeast {
            Arguments.required(position, "position");
        }
    }

    /** The latest of some moment that is no longer ago than this. */
    record MaxStaleness(Duration age) implements Freshness {
        private static final Duration MOST = Duration.ofDays(365);

        /**
         * With the longest age.
         *
         * @throws InvalidInputException if the age is negative or over 365 days
         */
        public MaxStaleness {
            Arguments.required(age, "age");
            if (age.isNegative() || age.compareTo(MOST) > 0) {
                throw new InvalidInputException("The age of a read is " + age + "; it must be from zero to 365 days");
            }
        }
    }

    /** Whatever is at hand. */
    record Any() implements Freshness {
        private static final Any INSTANCE = new Any();
    }

    /** Everything that was acknowledged anywhere before the read began, as {@link Reader#get} promises. */
    static Freshness latest() {
        return Latest.INSTANCE;
    }

    /**
     * At least all that whoever handed over the position had committed or read, in whatever process; what came after that
     * may be missing.
     *
     * @param position by {@link Store#position()} of a store on the same file
     */
    static Freshness atLeast(Position position) {
        return new AtLeast(position);
    }

    /**
     * The latest of some moment that is no longer ago than this when the read begins. Measured by a clock that only goes
     * forward, and stands still while the machine sleeps.
     *
     * @param age from zero, which is nearly as slow as the latest, to 365 days
     * @throws InvalidInputException if the age is out of bounds
     */
    static Freshness maxStaleness(Duration age) {
        return new MaxStaleness(age);
    }

    /**
     * Whatever is at hand, however old. It does not become newer by being read: only reads that ask for more, and what is
     * written through the same store, bring the cache up to date. Ask for {@link #maxStaleness} where it must in the end.
     */
    static Freshness any() {
        return Any.INSTANCE;
    }
}
