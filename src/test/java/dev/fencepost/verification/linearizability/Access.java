package dev.fencepost.verification.linearizability;

/**
 * The access of one operation to one key. All values differ from each other and from the constants here.
 *
 * @param key the key's name
 * @param seenVersion the version that was read; {@link #UNKNOWN} if none was read or returned
 * @param seen the value that was read, {@link #ABSENT}, or {@link #NOT_SEEN}
 * @param demand the precondition on the key: {@link #ANYTHING}, {@link #MUST_BE_ABSENT}, {@link #MUST_BE_PRESENT}, "v"
 *     and a version, or "=" and a value
 * @param written the value to write, {@link #ABSENT} for a deletion, or {@link #NOTHING}
 * @param version the version that the write created; {@link #UNKNOWN} if it was not returned
 */
record Access(String key, long seenVersion, String seen, String demand, String written, long version) {
    static final long UNKNOWN = -1;
    static final String ABSENT = "!";
    static final String NOT_SEEN = "?";
    static final String NOTHING = "-";
    static final String ANYTHING = "*";
    static final String MUST_BE_ABSENT = "0";
    static final String MUST_BE_PRESENT = "+";

    /** Creates a read of a key. */
    static Access read(String key, long version, String value) {
        return new Access(key, version, value, ANYTHING, NOTHING, UNKNOWN);
    }

    /** Creates a read that found the key absent, which does not reveal the version. */
    static Access absent(String key) {
        return read(key, UNKNOWN, ABSENT);
    }

    /** Creates a write under a precondition. */
    static Access write(String key, String demand, String value) {
        return new Access(key, UNKNOWN, NOT_SEEN, demand, value, UNKNOWN);
    }

    static String mustBeAt(long version) {
        return version == 0 ? MUST_BE_ABSENT : "v" + version;
    }

    static String mustHave(String value) {
        return "=" + value;
    }

    /** Returns this access with a version and value that were read. */
    Access seeing(long version, String value) {
        return new Access(key, version, value, demand, written, this.version);
    }

    /** Returns this access with the version that the write created. */
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

    /** Tells whether the precondition holds in this state of the key. */
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

    /** Returns the access as one word. */
    String text() {
        return key + "|" + seenVersion + "|" + seen + "|" + demand + "|" + written + "|" + version;
    }

    static Access parse(String word) {
        String[] parts = word.split("\\|", -1);
        return new Access(parts[0], Long.parseLong(parts[1]), parts[2], parts[3], parts[4], Long.parseLong(parts[5]));
    }

    /** Describes the access for people. */
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
