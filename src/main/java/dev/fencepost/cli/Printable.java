package dev.fencepost.cli;

/** Text from users and stores, as text for people: on one line, without characters that a terminal acts on. */
final class Printable {
    private static final int FIRST_DIRECTION = 0x202a;
    private static final int LAST_DIRECTION = 0x202e;
    private static final int FIRST_ISOLATE = 0x2066;
    private static final int LAST_ISOLATE = 0x2069;
    private static final int MAX_PREVIEW = 60;

    private Printable() {}

    /**
     * Returns the text with control characters, line breaks and changes of direction as escapes, such as {@code \n}.
     */
    static String of(String text) {
        if (text.codePoints().noneMatch(Printable::isEscaped)) {
            return text;
        }
        StringBuilder line = new StringBuilder();
        text.codePoints().forEach(c -> append(line, c));
        return line.toString();
    }

    /** Returns a value for a cell of a table: shortened if it is longer than the cell. */
    static String preview(String value) {
        StringBuilder line = new StringBuilder();
        int shown = value.codePoints()
                .limit(MAX_PREVIEW + 1)
                .map(Character::charCount)
                .sum();
        value.substring(0, shown).codePoints().forEach(c -> append(line, c));
        if (line.codePointCount(0, line.length()) <= MAX_PREVIEW) {
            return line.toString();
        }
        return line.substring(0, line.offsetByCodePoints(0, MAX_PREVIEW - 1)) + "…";
    }

    /** Appends a character, or its escape. */
    private static void append(StringBuilder line, int c) {
        switch (c) {
            case '\n' -> line.append("\\n");
            case '\r' -> line.append("\\r");
            case '\t' -> line.append("\\t");
            default -> {
                if (isEscaped(c)) {
                    line.append(String.format("\\u%04x", c));
                } else {
                    line.appendCodePoint(c);
                }
            }
        }
    }

    private static boolean isEscaped(int c) {
        int type = Character.getType(c);
        return Character.isISOControl(c)
                || type == Character.LINE_SEPARATOR
                || type == Character.PARAGRAPH_SEPARATOR
                || type == Character.SURROGATE
                || (c >= FIRST_DIRECTION && c <= LAST_DIRECTION)
                || (c >= FIRST_ISOLATE && c <= LAST_ISOLATE);
    }
}
