package dev.fencepost.benchmarks.peers;

import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The keys, and the values that are written to them. A value says which version it was made for, so that a write which
 * landed on another version than its writer had seen is found in the history.
 */
final class BenchmarkValues {
    /** How many characters, and bytes, a value has. */
    static final int LENGTH = 200;

    /** How many characters at the beginning of a value are its number. */
    static final int DIGITS = 13;

    /** The number of a value is this plus its version, so that all numbers have the same length. */
    static final long BASE = 1_000_000_000_000L;

    /** Who writes. */
    static final String WRITER = "worker";

    private static final String FILLER = "x".repeat(LENGTH - DIGITS);

    private BenchmarkValues() {}

    /** The names of so many keys. */
    static String[] keys(int count) {
        return stream(count).toArray(String[]::new);
    }

    /** As {@link #keys}. */
    static Stream<String> stream(int count) {
        return IntStream.range(0, count).mapToObj(number -> "counters/" + number);
    }

    /** The value of a version. */
    static String of(long version) {
        return (BASE + version) + FILLER;
    }

    /** Which version a value was made for. */
    static long version(String value) {
        return Long.parseLong(value, 0, DIGITS, 10) - BASE;
    }

    /** What comes after a value. */
    static String next(String value) {
        return of(version(value) + 1);
    }
}
