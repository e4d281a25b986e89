package dev.fencepost;

/** What keys, prefixes and agents may be called. */
public final class Names {
    private static final int MAX_AGENT_BYTES = 128;

    private Names() {}

    static void checkKey(String name) {
        if (name.isEmpty()) {
            throw new InvalidInputException("The name of a key is empty; give it at least one character");
        }
        check("The name of a key", name, Key.MAX_BYTES);
    }

    static void checkPrefix(String name) {
        check("A prefix", name, Key.MAX_BYTES);
    }

    /**
     * Refuses a name that an agent may not have: blank, over 128 bytes of UTF-8, or with control characters.
     *
     * @throws InvalidInputException if so
     */
    public static void checkAgent(String name) {
        if (name.isBlank()) {
            throw new InvalidInputException("The name of an agent is blank; say who writes, for example 'planner'");
        }
        check("The name of an agent", name, MAX_AGENT_BYTES);
    }

    private static void check(String what, String name, int maxBytes) {
        for (int i = 0; i < name.length(); i++) {
            if (Character.isISOControl(name.charAt(i))) {
                throw new InvalidInputException(what + " has the control character U+"
                        + String.format("%04X", (int) name.charAt(i)) + " at position " + i + "; leave it out");
            }
        }
        int bytes = Texts.utf8Length(what, name);
        if (bytes > maxBytes) {
            throw new InvalidInputException(
                    what + " has " + bytes + " bytes of UTF-8, the most is " + maxBytes + "; shorten it");
        }
    }
}
