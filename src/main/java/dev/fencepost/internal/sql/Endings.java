package dev.fencepost.internal.sql;

import dev.fencepost.Ending;
import java.util.Locale;

/** How the ending of a claim is written in the file. */
final class Endings {
    private Endings() {}

    static String text(Ending ending) {
        return ending.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static Ending parse(String text) {
        return Ending.valueOf(text.toUpperCase(Locale.ROOT).replace('-', '_'));
    }
}
