package dev.fencepost.internal.sql;

import dev.fencepost.ClaimEnd;
import java.util.Locale;

/** The text of a claim's end in the file. */
final class Endings {
    private Endings() {}

    static String text(ClaimEnd ending) {
        return ending.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static ClaimEnd parse(String text) {
        return ClaimEnd.valueOf(text.toUpperCase(Locale.ROOT).replace('-', '_'));
    }
}
