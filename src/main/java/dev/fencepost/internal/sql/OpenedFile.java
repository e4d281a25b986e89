package dev.fencepost.internal.sql;

import dev.fencepost.StoreRefusedException;
import dev.fencepost.StoreRefusedException.Door;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A file that has passed the doors. Safe for use by many threads. */
public final class OpenedFile {
    private final Path path;
    private final Path log;
    private final Object identity;
    private final AtomicReference<@Nullable Object> logIdentity = new AtomicReference<>();
    private final SqliteFile sqlite;
    private final String storeId;

    OpenedFile(Path path, Object identity, SqliteFile sqlite, String storeId) {
        this.path = path;
        this.log = path.resolveSibling(path.getFileName() + "-wal");
        this.identity = identity;
        this.sqlite = sqlite;
        this.storeId = storeId;
    }

    /** Where it is: absolute, without symbolic links. */
    public Path path() {
        return path;
    }

    /** Where its write-ahead log is, which every commit is written to first. */
    public Path log() {
        return log;
    }

    /** Opens connections to it. */
    public SqliteFile sqlite() {
        return sqlite;
    }

    /** The random name of the store. */
    public String storeId() {
        return storeId;
    }

    /**
     * Notes which log the file has. To be called when a connection that stays open has read: from then on SQLite does not
     * remove the log, so whoever does is a stranger.
     */
    public void noteLog() {
        Doors.identity(log).ifPresent(logIdentity::set);
    }

    /**
     * Refuses to go on if the path names another file now, or none, or if that is so of its log: SQLite would go on
     * writing into a file that nobody else sees, and acknowledge what is lost.
     */
    public void refuseIfReplaced() {
        refuseUnless(path, identity);
        Object noted = logIdentity.get();
        if (noted != null) {
            refuseUnless(log, noted);
        }
    }

    private static void refuseUnless(Path file, Object identity) {
        if (!Doors.identity(file).map(identity::equals).orElse(false)) {
            throw new StoreRefusedException(
                    Door.REPLACED,
                    "'" + file
                            + "' was removed or replaced while it was open. Close the store, find out who did it, and open"
                            + " it again",
                    null);
        }
    }
}
