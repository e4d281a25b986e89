package dev.fencepost.internal.util;

import dev.fencepost.InvalidInputException;
import dev.fencepost.Key;

/** Checks the names of keys, prefixes, streams, events, cursors, agents, sagas, steps and roles. */
public final class Names {
    private static final int MAX_AGENT_BYTES = 128;
    private static final int MAX_SAGA_BYTES = 200;
    private static final int MAX_STEP_BYTES = 100;

    private Names() {}

    public static void checkKey(String name) {
        Arguments.required(name, "name");
        if (name.isEmpty()) {
            throw new InvalidInputException("The name of a key is empty; give it at least one character");
        }
        check("The name of a key", name, Key.MAX_BYTES);
    }

    public static void checkPrefix(String name) {
        Arguments.required(name, "name");
        check("A prefix", name, Key.MAX_BYTES);
    }

    public static void checkStream(String name) {
        Arguments.required(name, "name");
        if (name.isEmpty()) {
            throw new InvalidInputException("The name of a stream is empty; give it at least one character");
        }
        check("The name of a stream", name, Key.MAX_BYTES);
    }

    public static void checkEvent(String id) {
        Arguments.required(id, "id");
        if (id.isEmpty()) {
            throw new InvalidInputException(
                    "The ID of an event is empty; use one that is equal for duplicates of the event");
        }
        check("The ID of an event", id, MAX_SAGA_BYTES);
    }

    public static void checkCursor(String name) {
        Arguments.required(name, "name");
        if (name.isBlank()) {
            throw new InvalidInputException("The name of a cursor is blank; name its consumer, for example 'indexer'");
        }
        check("The name of a cursor", name, MAX_SAGA_BYTES);
    }

    /**
     * Checks the name after which a list continues.
     *
     * @throws InvalidInputException if the name is over 512 bytes of UTF-8, or has control characters
     */
    public static void checkAfter(String name) {
        check("The name after which the page begins", Arguments.required(name, "after"), Key.MAX_BYTES);
    }

    /**
     * Checks the name of an agent.
     *
     * @throws InvalidInputException if the name is blank, over 128 bytes of UTF-8, or has control characters
     */
    public static void checkAgent(String name) {
        Arguments.required(name, "name");
        if (name.isBlank()) {
            throw new InvalidInputException("The name of an agent is blank; name the writer, for example 'planner'");
        }
        check("The name of an agent", name, MAX_AGENT_BYTES);
    }

    /**
     * Checks the name of a saga or its definition.
     *
     * @throws InvalidInputException if the name is blank, over 200 bytes of UTF-8, or has control characters
     */
    public static void checkSaga(String what, String name) {
        Arguments.required(name, "name");
        if (name.isBlank()) {
            throw new InvalidInputException(what + " is blank; give it a name, for example 'order-17'");
        }
        check(what, name, MAX_SAGA_BYTES);
    }

    public static void checkStep(String name) {
        Arguments.required(name, "name");
        if (name.isBlank()) {
            throw new InvalidInputException("The name of a step is blank; name its effect, for example 'charge'");
        }
        check("The name of a step", name, MAX_STEP_BYTES);
    }

    /**
     * Checks the name of a role.
     *
     * @throws InvalidInputException if the name is blank, over 128 bytes of UTF-8, or has control characters
     */
    public static void checkRole(String name) {
        Arguments.required(name, "role");
        if (name.isBlank()) {
            throw new InvalidInputException("The name of a role is blank; name the workers, for example 'warehouse'");
        }
        check("The name of a role", name, MAX_AGENT_BYTES);
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
                    what + " has " + bytes + " bytes of UTF-8; the maximum is " + maxBytes + "; shorten it");
        }
    }
}
