package dev.fencepost.internal.sqlite;

import dev.fencepost.FencepostException;
import dev.fencepost.StorageException;
import dev.fencepost.UnusableStoreException;
import dev.fencepost.UnusableStoreException.Reason;
import dev.fencepost.WriteLockTimeoutException;
import java.sql.SQLException;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** Translates SQLite's errors into this library's exceptions. */
final class SqliteErrors {
    private static final int PRIMARY = 0xff;

    /** The message of the trigger commits_insert_check. */
    private static final String INCOMPLETE = "fencepost: the newest commit is incomplete";

    private SqliteErrors() {}

    /** Returns the typed error for an exception of Jdbi or the driver, which is always its cause. */
    static FencepostException translate(Exception e) {
        return translate(e, Optional::empty);
    }

    /**
     * Returns the typed error for an exception, naming the holder of the write lock; see {@link #translate(Exception)}.
     *
     * @param blocker names the holder of the write lock; asked only if the caller has waited for it in vain
     */
    static FencepostException translate(Exception e, Supplier<Optional<String>> blocker) {
        SQLiteException sqlite = find(e);
        if (sqlite == null) {
            return new StorageException("The file could not be used: " + e.getMessage(), e);
        }
        SQLiteErrorCode primary = SQLiteErrorCode.getErrorCode(sqlite.getResultCode().code & PRIMARY);
        return switch (primary) {
            case SQLITE_BUSY, SQLITE_LOCKED -> new WriteLockTimeoutException(busy(blocker.get()), e);
            case SQLITE_CORRUPT, SQLITE_FORMAT ->
                // SQLite reports this for invalid pages, and also for reads that the disk refuses with EIO.
                new UnusableStoreException(
                        Reason.DAMAGED,
                        "The file is damaged, or the disk cannot read it (" + sqlite.getMessage()
                                + "). Keep a copy, and restore a backup or try '.recover' in sqlite3",
                        e);
            case SQLITE_NOTADB ->
                new UnusableStoreException(
                        Reason.NOT_A_DATABASE, "The file is not a SQLite database. Give the path of a store", e);
            case SQLITE_CANTOPEN ->
                // The right to write was checked when the store was opened.
                new StorageException(
                        "The file, its WAL or its WAL-index could not be opened (" + sqlite.getMessage()
                                + "): this process or the system has too many open files, or write permission was"
                                + " removed. Close files, raise the limit or restore the permission, and retry",
                        e);
            case SQLITE_READONLY, SQLITE_PERM ->
                new UnusableStoreException(
                        Reason.READ_ONLY,
                        "The file or its folder cannot be opened for writing (" + sqlite.getMessage()
                                + "). Grant this user write permission for both",
                        e);
            case SQLITE_FULL -> new StorageException("The disk is full. Nothing was written. Free space and retry", e);
            default ->
                String.valueOf(sqlite.getMessage()).contains(INCOMPLETE)
                        ? incomplete(e)
                        : new StorageException("SQLite failed: " + sqlite.getMessage(), e);
        };
    }

    private static UnusableStoreException incomplete(Exception e) {
        return new UnusableStoreException(
                Reason.DAMAGED,
                "The newest commit of the file is incomplete: it was made at a SQL prompt without all its versions and"
                        + " events. Insert the missing rows (see the view incomplete_commits), or restore a backup",
                e);
    }

    private static String busy(Optional<String> blocker) {
        return blocker.map(who -> who + " held the write lock of the file for too long. Resume or end it, and retry")
                .orElse("Another process held the write lock of the file for too long: it is stopped, or has an open"
                        + " transaction. Find it with 'fuser', resume or end it, and retry");
    }

    /**
     * Returns whether a COMMIT that failed like this has certainly written nothing: the disk was full, and the log's
     * checksums invalidate a partial commit.
     */
    static boolean leftNothing(Throwable e) {
        SQLiteException sqlite = find(e);
        return sqlite != null && (sqlite.getResultCode().code & PRIMARY) == SQLiteErrorCode.SQLITE_FULL.code;
    }

    /** Returns whether a text was longer than the connection allows. */
    static boolean isTooLong(Throwable e) {
        SQLiteException sqlite = find(e);
        // SQLite reports a statement that is too long with the same code, so the message decides.
        return sqlite != null && String.valueOf(sqlite.getMessage()).contains("string or blob too big");
    }

    /** Returns whether a trigger of the schema refused a statement, which has then changed nothing. */
    static boolean isRefusedByTrigger(Throwable e) {
        SQLiteException sqlite = find(e);
        return sqlite != null && sqlite.getResultCode() == SQLiteErrorCode.SQLITE_CONSTRAINT_TRIGGER;
    }

    private static @Nullable SQLiteException find(Throwable e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLiteException sqlite) {
                return sqlite;
            }
            if (cause instanceof SQLException && cause.getCause() == null) {
                return null;
            }
        }
        return null;
    }
}
