package dev.fencepost.benchmarks.processes;

/** A text of a given size that begins with a number, up to 4,000 characters of one byte. */
final class NumberedText {
    /** The usual size of a value. */
    static final int USUAL = 200;

    private static final String FILLER = "abcdefghijklmnopqrstuvwxyz".repeat(154);

    private NumberedText() {}

    static String of(long number, int size) {
        StringBuilder text = new StringBuilder(size).append(number).append(' ');
        return text.append(FILLER, text.length(), size).toString();
    }

    static long number(String text) {
        return Long.parseLong(text, 0, text.indexOf(' '), 10);
    }

    /** Returns the text of the next number, with the same size. */
    static String next(String text) {
        return of(number(text) + 1, text.length());
    }
}
