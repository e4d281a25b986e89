package dev.fencepost.internal.commit;

import dev.fencepost.InvalidInputException;
import dev.fencepost.Key;
import java.util.List;

/**
 * The prefixes of the keys that are reserved for the library. Callers may read, list and revoke such keys, but not
 * write or claim them. A caller's claim would block the coordinator of a saga, a worker or a consumer.
 */
public final class ReservedKeys {
    /**
     * The prefixes of coordinators, consumers, tasks and compensations; the trigger {@code current_values_insert} refuses the
     * same.
     */
    private static final List<String> PREFIXES = List.of("saga:", "cursor:", "work:", "undo:");

    private ReservedKeys() {}

    /**
     * Refuses a key that is reserved for the library.
     *
     * @throws InvalidInputException if the key begins with a reserved prefix
     */
    public static void refuse(Key<?> key) {
        for (String prefix : PREFIXES) {
            if (key.name().startsWith(prefix)) {
                throw new InvalidInputException("The key '" + key + "' begins with '" + prefix
                        + "', which is reserved for the library. Use another name; reserved prefixes are "
                        + String.join(", ", PREFIXES));
            }
        }
    }
}
