package dev.fencepost.internal.sqlite;

import java.nio.file.Path;

/** Sets the mark that an fsync has failed, without a failing disk. */
public final class WalSyncMark {
    private WalSyncMark() {}

    /** Marks the log of a database. */
    public static void make(Path database) {
        try (WalSync force = new WalSync(database)) {
            force.markFailed();
        }
    }
}
