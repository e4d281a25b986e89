package dev.fencepost.proof.history;

/**
 * What one operation had to do with one key. Values are never equal to one another, nor to the words that stand for
 * something else.
 *
 * @param key the key's name
 * @param seenVersion the version that was seen; {@link #UNKNOWN} if none, or if it was not told
 * @param seen the value that was seen, {@link #ABSENT}, or {@link #NOT_SEEN}
 * @param demand what was demanded of the key: {@link #ANYTHING}, {@link #MUST_BE_ABSENT}, {@link #MUST_BE_PRESENT}, "v" and
 *     a version, or "=" and a value
 * @param written the value that was written or was to be, {@link #ABSENT} for a deletion, or {@link #NOTHING}
 * @param version the version that this became; {@link #UNKNOWN} if it was not told
 */
record Access(String key, long seenVersion, String seen, String demand, String written, long version) {
    static final long UNKNOWN = -1;
    static final String ABSENT = "!";
    static final String NOT_SEEN = "?";
    static final String NOTHING = "-";
    static final String ANYTHING = "*";
    static final String MUST_BE_ABSENT = "0";
    static final String MUST_BE_PRESENT = "+";

    /** The key was read. */
    static Access read(String key, long version, String value) {
        return new Access(key, version, value, ANYTHING, NOTHING, UNKNOWN);
    }

    /** The key was found absent, which does not tell its version. */
    static Access absent(String key) {
        return read(key, UNKNOWN, ABSENT);
    }

    /** The key was to be written if the demand held. */
    static Access write(String key, String demand, String value) {
        return new Access(key, UNKNOWN, NOT_SEEN, demand, value, UNKNOWN);
    }

    static String mustBeAt(long version) {
        return version == 0 ? MUST_BE_ABSENT : "v" + version;
    }

    static String mustHave(String value) {
        return "=" + value;
    }

    /** The same, where this was seen. */
    Access seeing(long version, String value) {
        return new Access(key, version, value, demand, written, this.version);
    }

    /** The same, where what was written became this version. */
    Access became(long newVersion) {
        return new Access(key, seenVersion, seen, demand, written, newVersion);
    }

    boolean sees() {
        return !seen.equals(NOT_SEEN);
    }

    boolean writes() {
        return !written.equals(NOTHING);
    }

    boolean deletes() {
        return written.equals(ABSENT);
    }

    /** Whether the demand holds of a key in this state. */
    boolean holds(long stateVersion, String value) {
        boolean present = !value.equals(ABSENT);
        return switch (demand.charAt(0)) {
            case '0' -> !present;
            case '+' -> present;
            case 'v' -> present && stateVersion == Long.parseLong(demand.substring(1));
            case '=' -> present && value.equals(demand.substring(1));
            default -> true;
        };
    }

    /** As one word. */
    String text() {
        return key + "|" + seenVersion + "|" + seen + "|" + demand + "|" + written + "|" + version;
    }

    static Access parse(String word) {
        String[] parts = word.split("\\|", -1);
        return new Access(parts[0], Long.parseLong(parts[1]), parts[2], parts[3], parts[4], Long.parseLong(parts[5]));
    }

    /** For people. */
    String words() {
        StringBuilder words = new StringBuilder();
        if (sees()) {
            words.append("saw ").append(key).append(seen.equals(ABSENT) ? " absent" : " = " + seen);
            words.append(seenVersion == UNKNOWN ? "" : " at version " + seenVersion);
        }
        if (writes()) {
            words.append(sees() ? ", " : "")
                    .append(deletes() ? "deletes " : "writes ")
                    .append(key);
            words.append(deletes() ? "" : " = " + written);
            words.append(version == UNKNOWN ? "" : " as version " + version);
        }
        words.append(demand.equals(ANYTHING) ? "" : " (demands " + demand + " of " + key + ")");
        return words.toString().strip();
    }
}
