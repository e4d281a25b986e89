package dev.fencepost.internal.sql;

import java.util.Optional;

/** Where a prefix ends in the order of keys, which is that of their UTF-8 bytes and so of their code points. */
final class Prefixes {
    private Prefixes() {}

    /** The least text that is greater than every text with this prefix; empty if there is none. */
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
        // Surrogates have no place in UTF-8.
        return codePoint + 1 == Character.MIN_SURROGATE ? Character.MAX_SURROGATE + 1 : codePoint + 1;
    }
}
