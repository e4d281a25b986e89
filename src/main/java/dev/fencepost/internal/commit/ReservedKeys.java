package dev.fencepost.internal.commit;

import dev.fencepost.InvalidInputException;
import dev.fencepost.Key;

/**
 * The keys that are reserved for the library: those that the coordinator of a saga, a worker or a consumer claims.
 * Callers may read, list and revoke them, but not write or claim them. A caller's claim would block the library's own.
 */
public final class ReservedKeys {
    /** The prefix of all reserved keys. The triggers of the view {@code current_values} refuse it too. */
    public static final String PREFIX = "fencepost:";

    private ReservedKeys() {}

    /**
     * Refuses a key that is reserved for the library.
     *
     * @throws InvalidInputException if the key begins with the reserved prefix
     */
    public static void refuse(Key<?> key) {
        if (key.name().startsWith(PREFIX)) {
            throw new InvalidInputException("The key '" + key + "' begins with '" + PREFIX
                    + "', which is reserved for the library. Use another name");
        }
    }
}
