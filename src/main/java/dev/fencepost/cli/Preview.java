package dev.fencepost.cli;

/** A shortened value for a cell of a table: on one line, and no longer than the cell. */
final class Preview {
    private static final int MOST = 60;

    private Preview() {}

    static String of(String value) {
        StringBuilder line = new StringBuilder();
        int shown = value.codePoints().limit(MOST + 1).map(Character::charCount).sum();
        value.substring(0, shown).codePoints().forEach(c -> Printable.append(line, c));
        if (line.codePointCount(0, line.length()) <= MOST) {
            return line.toString();
        }
        return line.substring(0, line.offsetByCodePoints(0, MOST - 1)) + "…";
    }
}
