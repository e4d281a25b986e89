package dev.fencepost.internal.sqlite;

import dev.fencepost.BackupOptions;
import dev.fencepost.CheckReport;
import dev.fencepost.Durability;
import dev.fencepost.InvalidInputException;
import dev.fencepost.UnusableStoreException.Reason;
import dev.fencepost.internal.engine.Engine.Copy;
import dev.fencepost.internal.sql.CommitIdentity;
import dev.fencepost.internal.sql.Tip;
import dev.fencepost.internal.sql.VersionTables;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * Copies a store that is in use into one file.
 *
 * <p>The copy is read in one transaction, which sees one snapshot and blocks no writer. It is written under a temporary
 * name, marked as a backup, and put into rollback mode, so that it needs no WAL. Then it is verified, synced to disk
 * and renamed. Copying and verifying are {@linkplain Pacer paced}, so that concurrent writers keep most of their rate.
 */
final class Backup {
    private static final Duration NO_WAIT = Duration.ZERO;

    private Backup() {}

    /**
     * Creates a backup.
     *
     * @param session a session on the file that no other thread uses, outside of any transaction
     */
    static Copy run(StoreFile file, SqliteSession session, Path target, BackupOptions options) {
        Path named = target.toAbsolutePath().normalize();
        refuseTaken(file, named, options.replace());
        Path temporary = DurableFiles.beside(named, "backup");
        DurableFiles.create(temporary);
        try {
            CommitIdentity newest = copy(session, temporary, options.progress());
            mark(temporary);
            verify(temporary, file.path(), copied -> copied.pace(new Pacer()));
            long bytes = Files.size(temporary);
            long pages = bytes / pageBytes(temporary);
            DurableFiles.copyMode(file.path(), temporary);
            DurableFiles.force(temporary);
            DurableFiles.publish(temporary, named, options.replace());
            return new Copy(named, pages, bytes, newest);
        } catch (IOException e) {
            throw DurableFiles.failure("'" + temporary + "' cannot be read", e);
        } finally {
            DurableFiles.remove(temporary);
        }
    }

    private static void refuseTaken(StoreFile file, Path target, boolean replace) {
        if (!Files.isDirectory(target.resolveSibling("").toAbsolutePath())) {
            throw new InvalidInputException(
                    "The folder of '" + target + "' does not exist. Create it, or use another path");
        }
        if (!Files.exists(target)) {
            return;
        }
        if (!replace) {
            throw DurableFiles.taken(target);
        }
        boolean inUse = FileChecks.identity(target).equals(FileChecks.identity(file.path()))
                || Files.exists(LogOwnership.log(target))
                || Files.exists(LogOwnership.journal(target));
        if (!Files.isRegularFile(target) || inUse) {
            throw new InvalidInputException(
                    "'" + target + "' is not replaced: it is this store, a database with a WAL or journal, or not a"
                            + " regular file. Use another name");
        }
    }

    /** Copies the file from one snapshot, and returns the newest commit of the snapshot. */
    private static CommitIdentity copy(SqliteSession session, Path temporary, BackupOptions.Progress progress) {
        return session.inSnapshot(() -> {
            CommitIdentity newest = new VersionTables(session).tip(Tip.EMPTY).newest();
            Pacer pacer = new Pacer();
            copyPages(session, temporary, (pages, total) -> {
                pacer.pace();
                progress.copied(pages, total);
            });
            return newest;
        });
    }

    /**
     * Copies the file that a session reads into an empty file. An exception of the progress callback is thrown only
     * after the copy, because it must not pass through SQLite.
     */
    static void copyPages(SqliteSession session, Path temporary, BackupOptions.Progress progress) {
        RuntimeException[] failure = new RuntimeException[1];
        session.copyTo(temporary, (remaining, total) -> {
            try {
                if (failure[0] == null) {
                    progress.copied((long) total - remaining, total);
                }
            } catch (RuntimeException e) {
                failure[0] = e;
            }
        });
        if (failure[0] != null) {
            throw failure[0];
        }
    }

    private static void mark(Path temporary) {
        try (LockedFile locked = LockedFile.lock(temporary, NO_WAIT)) {
            SqliteSession session = locked.session();
            session.begin();
            session.change(AdoptionStatements.MARK_AS_BACKUP);
            session.commit();
        }
    }

    /**
     * Checks the integrity of a copy that nothing else uses.
     *
     * @param of the path of the original, for the message
     * @param before the preparation of the session on the copy
     * @throws dev.fencepost.UnusableStoreException if the copy is damaged
     */
    static void verify(Path copy, Path of, Consumer<SqliteSession> before) {
        try (SqliteSession session = new SqliteConnections(copy, Durability.POWER_LOSS, NO_WAIT).peek()) {
            before.accept(session);
            CheckReport report = IntegrityCheck.run(session);
            if (!report.healthy()) {
                throw FileChecks.refusal(
                        Reason.DAMAGED,
                        "The copy of '" + of + "' is damaged, and was deleted: "
                                + String.join("; ", report.findings()) + ". Check '" + of
                                + "' with the command check, or use an older backup",
                        null);
            }
        }
    }

    private static long pageBytes(Path copy) {
        try (SqliteSession session = new SqliteConnections(copy, Durability.POWER_LOSS, NO_WAIT).peek()) {
            return session.number("PRAGMA page_size");
        }
    }
}
