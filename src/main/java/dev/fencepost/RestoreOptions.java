package dev.fencepost;

import java.util.Objects;

/**
 * Options of {@link Store#restore(StoreConfig, java.nio.file.Path, RestoreOptions)}. Immutable.
 *
 * @param agent the name in whose commit the claims of the backup end; as that of {@link Store#agent(String)}
 * @param force true to replace a file that cannot be read as a store. It cannot be known then that no process has that
 *     file open, nor which epochs were granted in it
 */
public record RestoreOptions(String agent, boolean force) {
    public RestoreOptions {
        Objects.requireNonNull(agent, "agent");
    }

    /** Returns options for an agent, which replace nothing but a store. */
    public static RestoreOptions by(String agent) {
        return new RestoreOptions(agent, false);
    }

    /** Also replaces a file that cannot be read as a store. */
    public RestoreOptions forced() {
        return new RestoreOptions(agent, true);
    }
}
