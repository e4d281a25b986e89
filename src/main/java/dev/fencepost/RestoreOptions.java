package dev.fencepost;

import java.util.Objects;

/**
 * Options of {@link Store#restore(StoreConfig, java.nio.file.Path, RestoreOptions)}. Immutable.
 *
 * @param agent the name of the agent whose commit ends the claims of the backup; as in {@link Store#agent(String)}
 * @param force true to replace a file that cannot be read as a store. The restore then cannot check that no process has
 *     that file open, nor which epochs were granted in it
 */
public record RestoreOptions(String agent, boolean force) {
    public RestoreOptions {
        Objects.requireNonNull(agent, "agent");
    }

    /** Returns options for an agent. They replace only a file that can be read as a store. */
    public static RestoreOptions by(String agent) {
        return new RestoreOptions(agent, false);
    }

    /** Returns options that also replace a file that cannot be read as a store. */
    public RestoreOptions forced() {
        return new RestoreOptions(agent, true);
    }
}
