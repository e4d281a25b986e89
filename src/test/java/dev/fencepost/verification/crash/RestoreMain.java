package dev.fencepost.verification.crash;

import dev.fencepost.Durability;
import dev.fencepost.RestoreOptions;
import dev.fencepost.Store;
import java.nio.file.Path;

/** A process that restores a backup and may be killed meanwhile. */
public final class RestoreMain {
    private RestoreMain() {}

    /** Runs the process. Arguments: the file, and the backup. */
    public static void main(String[] args) {
        Store.restore(
                CrashMain.config(Path.of(args[0]), Durability.POWER_LOSS),
                Path.of(args[1]),
                RestoreOptions.by("operator").forced());
    }
}
