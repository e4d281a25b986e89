package dev.fencepost.internal.saga;

import org.jspecify.annotations.Nullable;

/** What steps throw, in words. */
final class Failures {
    private static final int LONGEST_MESSAGE = 4_000;

    private Failures() {}

    /** What went wrong, as far as the journal can keep it. */
    static String message(@Nullable Throwable e) {
        if (e == null) {
            return "";
        }
        String message = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        StringBuilder kept = new StringBuilder();
        message.codePoints()
                .filter(c -> c != 0 && (c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE))
                .limit(LONGEST_MESSAGE)
                .forEach(kept::appendCodePoint);
        return kept.toString();
    }
}
