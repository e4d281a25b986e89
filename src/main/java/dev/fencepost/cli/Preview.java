package dev.fencepost.cli;

/** A value in a cell of a table: on one line, and no longer than fits. */
final class Preview {
    private static final int MOST = 60;

    private Preview() {}

    static String of(String value) {
        StringBuilder line = new StringBuilder();
        int shown = value.codePoints().limit(MOST + 1).map(Character::charCount).sum();
        value.substring(0, shown).codePoints().forEach(c -> append(line, c));
        if (line.codePointCount(0, line.length()) <= MOST) {
            return line.toString();
        }
        return line.substring(0, line.offsetByCodePoints(0, MOST - 1)) + "…";
    }

    private static void append(StringBuilder line, int c) {
        switch (c) {
            case '\n' -> line.append("\\n");
            case '\r' -> line.append("\\r");
            case '\t' -> line.append("\\t");
            default -> {
                if (Character.isISOControl(c)) {
                    line.append(String.format("\\u%04x", c));
                } else {
                    line.appendCodePoint(c);
                }
            }
        }
    }
}
