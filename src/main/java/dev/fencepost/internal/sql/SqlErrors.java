package dev.fencepost.internal.sql;

import dev.fencepost.FencepostException;
import dev.fencepost.StoreBusyException;
import dev.fencepost.StoreFailedException;
import dev.fencepost.StoreRefusedException;
import dev.fencepost.StoreRefusedException.Door;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** What SQLite reports, in this library's terms. */
final class SqlErrors {
    private static final int PRIMARY = 0xff;

    private SqlErrors() {}

    /** The typed error for whatever Jdbi or the driver threw; the cause is always kept. */
    static FencepostException translate(Exception e) {
        SQLiteException sqlite = find(e);
        if (sqlite == null) {
            return new StoreFailedException("The file could not be used: " + e.getMessage(), e);
        }
        SQLiteErrorCode primary = SQLiteErrorCode.getErrorCode(sqlite.getResultCode().code & PRIMARY);
        return switch (primary) {
            case SQLITE_BUSY, SQLITE_LOCKED ->
                new StoreBusyException(
                        "Another process kept the write lock of the file for too long: it is stopped, or a program has it"
                                + " open in a transaction. Find it with 'fuser', let it go on or end it, and try again",
                        e);
            case SQLITE_CORRUPT, SQLITE_FORMAT ->
                new StoreRefusedException(
                        Door.DAMAGED,
                        "The file is damaged (" + sqlite.getMessage()
                                + "). Keep a copy, and restore a backup or try '.recover' in sqlite3",
                        e);
            case SQLITE_NOTADB ->
                new StoreRefusedException(
                        Door.NOT_A_DATABASE, "The file is no SQLite database. Give the path of a store", e);
            case SQLITE_READONLY, SQLITE_PERM, SQLITE_CANTOPEN ->
                new StoreRefusedException(
                        Door.READ_ONLY,
                        "The file or its folder cannot be opened for writing (" + sqlite.getMessage()
                                + "). Give this user the right to write both",
                        e);
            case SQLITE_FULL ->
                new StoreFailedException("The disk is full. Nothing was written; make room and try again", e);
            default -> new StoreFailedException("SQLite failed: " + sqlite.getMessage(), e);
        };
    }

    /** Whether the disk had no room. */
    static boolean isFull(Throwable e) {
        SQLiteException sqlite = find(e);
        return sqlite != null && (sqlite.getResultCode().code & PRIMARY) == SQLiteErrorCode.SQLITE_FULL.code;
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
