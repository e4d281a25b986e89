package dev.fencepost.internal.sql;

import dev.fencepost.StoreRefusedException;
import dev.fencepost.StoreRefusedException.Door;
import java.nio.file.Path;

/**
 * A file that has passed the doors. Safe for use by many threads.
 *
 * @param path absolute, without symbolic links
 * @param identity what the operating system takes the file for
 * @param storeId the random name of the store
 */
public record OpenedFile(Path path, Object identity, SqliteFile sqlite, String storeId) {
    /**
     * Refuses to go on if the path names another file now, or none: SQLite would go on writing into a file that nobody
     * else sees.
     */
    public void refuseIfReplaced() {
        if (!Doors.identity(path).map(identity::equals).orElse(false)) {
            throw new StoreRefusedException(
                    Door.REPLACED,
                    "'" + path
                            + "' was removed or replaced while it was open. Close the store, find out who did it, and open"
                            + " it again",
                    null);
        }
    }
}
