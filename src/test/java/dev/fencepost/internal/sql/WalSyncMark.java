package dev.fencepost.internal.sql;

import java.nio.file.Path;

/** The mark that the disk has failed, made without a disk that fails. */
public final class WalSyncMark {
    private WalSyncMark() {}

    /** Marks the log of a database. */
    public static void make(Path database) {
        try (WalSync force = new WalSync(database)) {
            force.markFailed();
        }
    }
}
