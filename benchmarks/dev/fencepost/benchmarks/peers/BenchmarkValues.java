package dev.fencepost.benchmarks.peers;

import java.util.stream.IntStream;

/**
 * The keys and values of the comparison. A value names the version that it was written for. So the history reveals a
 * write that became another version than its writer had intended.
 */
final class BenchmarkValues {
    /** The number of characters, and bytes, of a value. */
    static final int LENGTH = 200;

    /** The number of characters at the beginning of a value that are its number. */
    static final int DIGITS = 13;

    /** The difference between the number of a value and its version, so that all numbers have the same length. */
    static final long BASE = 1_000_000_000_000L;

    /** The name of the writer. */
    static final String WRITER = "worker";

    private static final String FILLER = "x".repeat(LENGTH - DIGITS);

    private BenchmarkValues() {}

    /** Returns this many key names. */
    static String[] keys(int count) {
        return IntStream.range(0, count)
                .mapToObj(number -> "counters/" + number)
                .toArray(String[]::new);
    }

    /** Returns the value of a version. */
    static String of(long version) {
        return (BASE + version) + FILLER;
    }

    /** Returns the version for which a value was written. */
    static long version(String value) {
        return Long.parseLong(value, 0, DIGITS, 10) - BASE;
    }

    /** Returns the value of the next version. */
    static String next(String value) {
        return of(version(value) + 1);
    }
}
