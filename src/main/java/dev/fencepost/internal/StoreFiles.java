package dev.fencepost.internal;

import dev.fencepost.AdoptionReport;
import dev.fencepost.RestoreOptions;
import dev.fencepost.StoreConfig;
import dev.fencepost.internal.process.ProcessProbe;
import dev.fencepost.internal.sqlite.Adoption;
import dev.fencepost.internal.sqlite.Restore;
import dev.fencepost.internal.util.Names;
import java.nio.file.Path;

/** Operations on the files of stores that are not open. */
public final class StoreFiles {
    private StoreFiles() {}

    /** Starts a new history in a copied file. */
    public static AdoptionReport adopt(StoreConfig config, String agent) {
        Names.checkAgent(agent);
        return Adoption.adopt(config, by(agent));
    }

    /** Replaces a store by a backup. */
    public static AdoptionReport restore(StoreConfig config, Path backup, RestoreOptions options) {
        Names.checkAgent(options.agent());
        return Restore.run(config, backup, options.force(), by(options.agent()));
    }

    private static Adoption.By by(String agent) {
        return new Adoption.By(agent, new ProcessProbe().own());
    }
}
