package dev.fencepost.internal.sqlite;

import dev.fencepost.Durability;
import dev.fencepost.FencepostException;
import dev.fencepost.UnusableStoreException.Reason;
import dev.fencepost.WriteLockTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * A store file under SQLite's exclusive lock, in rollback mode. No other connection has the file open. There is no WAL,
 * so the file alone is the whole store. If the process dies, the next one can open the store. Used by one thread.
 */
final class LockedFile implements AutoCloseable {
    private final SqliteSession session;

    private LockedFile(SqliteSession session) {
        this.session = session;
    }

    /**
     * Takes the lock, and moves the WAL into the file.
     *
     * @throws WriteLockTimeoutException if another connection of any process has the file open
     * @throws dev.fencepost.UnusableStoreException if the file is missing or no store of this library, was written by a
     *     newer version, or lies beside the WAL of another file
     */
    static LockedFile lock(Path file, Duration busyWait) {
        if (!Files.exists(file)) {
            throw FileChecks.refusal(Reason.NO_STORE, "'" + file + "' does not exist. Give the path of a store", null);
        }
        return FileChecks.naming(file, () -> lockPresent(file, busyWait));
    }

    private static LockedFile lockPresent(Path file, Duration busyWait) {
        SqliteConnections sqlite = new SqliteConnections(file, Durability.POWER_LOSS, busyWait);
        LogOwnership.refuseForeignLog(file, sqlite);
        SqliteSession session = sqlite.openAlone();
        try {
            settle(session, file);
            return new LockedFile(session);
        } catch (FencepostException e) {
            session.close();
            throw e;
        }
    }

    private static void settle(SqliteSession session, Path file) {
        try {
            session.change("BEGIN EXCLUSIVE");
        } catch (WriteLockTimeoutException e) {
            throw new WriteLockTimeoutException(
                    "'" + file
                            + "' is open in another process, or in another store of this one. Close it there ('fuser'"
                            + " finds the process), and try again",
                    e);
        }
        try {
            StoreOpener.refuseForeign(session);
            Schema.SHIPPED.refuseNewer(Schema.versionOf(session));
            session.commit();
        } catch (FencepostException e) {
            session.rollback(e);
            throw e;
        }
        session.first("PRAGMA journal_mode = DELETE", (rs, ctx) -> rs.getString(1));
    }

    /** Returns the session, which keeps the lock between transactions. */
    SqliteSession session() {
        return session;
    }

    /** Releases the lock. */
    @Override
    public void close() {
        session.close();
    }
}
