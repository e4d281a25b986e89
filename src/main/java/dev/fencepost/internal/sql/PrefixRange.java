package dev.fencepost.internal.sql;

import java.util.Arrays;
import java.util.Comparator;
import java.util.Optional;

/** Ranges in the order of names, which is the order of their UTF-8 bytes and so of their code points. */
public final class PrefixRange {
    private PrefixRange() {}

    /** The order of names. Java's own order differs beyond the basic plane. */
    public static final Comparator<String> ORDER = (left, right) -> {
        int[] a = left.codePoints().toArray();
        int[] b = right.codePoints().toArray();
        return Arrays.compare(a, b);
    };

    /**
     * Returns the least text that is greater than a name and not greater than any name after it. Names have no control
     * characters.
     */
    public static String after(String name) {
        return name + '\u0001';
    }

    /** Returns the least text at which a list of a prefix continues after a name; the empty name begins the list. */
    static String from(String prefix, String after) {
        return after.isEmpty() || ORDER.compare(after, prefix) < 0 ? prefix : after(after);
    }

    /** Returns the least text that is greater than every text with this prefix; empty if there is none. */
    static Optional<String> end(String prefix) {
        int length = prefix.length();
        while (length > 0) {
            int last = prefix.codePointBefore(length);
            int start = length - Character.charCount(last);
            if (last < Character.MAX_CODE_POINT) {
                return Optional.of(prefix.substring(0, start) + Character.toString(successor(last)));
            }
            length = start;
        }
        return Optional.empty();
    }

    private static int successor(int codePoint) {
        // UTF-8 does not encode surrogates.
        return codePoint + 1 == Character.MIN_SURROGATE ? Character.MAX_SURROGATE + 1 : codePoint + 1;
    }
}
