package dev.fencepost.internal.sql;

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

/** What SQLite reports, in this library's terms. */
final class SqliteErrors {
    private static final int PRIMARY = 0xff;

    /** Said by the trigger commits_in_order. */
    private static final String INCOMPLETE = "fencepost: the newest commit is incomplete";

    private SqliteErrors() {}

    /** The typed error for whatever Jdbi or the driver threw; the cause is always kept. */
    static FencepostException translate(Exception e) {
        return translate(e, Optional::empty);
    }

    /**
     * As {@link #translate(Exception)}.
     *
     * @param blocker says who has the write lock; asked only where somebody has waited for it in vain
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
                // SQLite says this of pages that make no sense, and just so of reads that the disk refuses with EIO.
                new UnusableStoreException(
                        Reason.DAMAGED,
                        "The file is damaged, or the disk cannot read it (" + sqlite.getMessage()
                                + "). Keep a copy, and restore a backup or try '.recover' in sqlite3",
                        e);
            case SQLITE_NOTADB ->
                new UnusableStoreException(
                        Reason.NOT_A_DATABASE, "The file is no SQLite database. Give the path of a store", e);
            case SQLITE_CANTOPEN ->
                // Whether it may be written was asked at the door.
                new StorageException(
                        "The file, its log or its log's index could not be opened (" + sqlite.getMessage()
                                + "): this process or the system has too many open files, or the right to write them"
                                + " was taken away. Close some, raise the limit, or give the right back, and try again",
                        e);
            case SQLITE_READONLY, SQLITE_PERM ->
                new UnusableStoreException(
                        Reason.READ_ONLY,
                        "The file or its folder cannot be opened for writing (" + sqlite.getMessage()
                                + "). Give this user the right to write both",
                        e);
            case SQLITE_FULL ->
                new StorageException("The disk is full. Nothing was written; make room and try again", e);
            default ->
                String.valueOf(sqlite.getMessage()).contains(INCOMPLETE)
                        ? incomplete(e)
                        : new StorageException("SQLite failed: " + sqlite.getMessage(), e);
        };
    }

    private static UnusableStoreException incomplete(Exception e) {
        return new UnusableStoreException(
                Reason.DAMAGED,
                "The newest commit of the file is incomplete: it was made at a SQL prompt without all of its versions and"
                        + " events. Insert what is missing (see the view incomplete_commits), or restore a backup",
                e);
    }

    /** The error for a row in which stands what no version of this library writes. */
    static FencepostException unreadable(RuntimeException e) {
        return Corruption.found("a row has what is never written there (" + e.getMessage() + ")", e);
    }

    private static String busy(Optional<String> blocker) {
        return blocker.map(who -> who + " kept the write lock of the file for too long. Let it go on or end it, and try"
                        + " again")
                .orElse("Another process kept the write lock of the file for too long: it is stopped, or a program has"
                        + " it open in a transaction. Find it with 'fuser', let it go on or end it, and try again");
    }

    /** Whether the disk had no room. */
    static boolean isFull(Throwable e) {
        SQLiteException sqlite = find(e);
        return sqlite != null && (sqlite.getResultCode().code & PRIMARY) == SQLiteErrorCode.SQLITE_FULL.code;
    }

    /** Whether a text was longer than the connection allows. */
    static boolean isTooLong(Throwable e) {
        SQLiteException sqlite = find(e);
        // SQLite reports a statement that is too long by the same code.
        return sqlite != null && String.valueOf(sqlite.getMessage()).contains("string or blob too big");
    }

    /** Whether a trigger refused a statement. */
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
