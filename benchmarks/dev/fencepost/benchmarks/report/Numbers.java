package dev.fencepost.benchmarks.report;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;

/** Formats numbers for people: three significant digits, and times in a fitting unit. */
final class Numbers {
    private static final int DIGITS = 3;
    private static final String[] TIMES = {"ns", "\u00b5s", "ms", "s"};
    private static final double STEP = 1_000;

    private Numbers() {}

    static String plain(double value) {
        if (value == Math.rint(value) && Math.abs(value) < STEP) {
            return Integer.toString((int) value);
        }
        double rounded = new BigDecimal(value).round(new MathContext(DIGITS)).doubleValue();
        int magnitude = (int) Math.floor(Math.log10(Math.abs(rounded)));
        return String.format(Locale.ROOT, "%,." + Math.max(0, DIGITS - 1 - magnitude) + "f", rounded);
    }

    /** Returns all significant digits and no more. */
    static String exact(double value) {
        return BigDecimal.valueOf(value).stripTrailingZeros().toPlainString();
    }

    static String count(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    /** Formats a time in nanoseconds. */
    static String nanos(double value) {
        int unit = 0;
        double scaled = value;
        while (scaled >= STEP && unit < TIMES.length - 1) {
            scaled /= STEP;
            unit++;
        }
        return plain(scaled) + " " + TIMES[unit];
    }
}
