package dev.fencepost.internal.sqlite;

import dev.fencepost.AdoptionReport;
import dev.fencepost.Durability;
import dev.fencepost.FencepostException;
import dev.fencepost.InvalidInputException;
import dev.fencepost.StoreConfig;
import dev.fencepost.UnusableStoreException;
import dev.fencepost.UnusableStoreException.Reason;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Replaces a store with a backup.
 *
 * <p>The process may die between any two steps. In this order, it takes the exclusive lock on the replaced file, which
 * moves its log into it; copies the backup beside it; adopts, examines and forces the copy; removes the rest of the old
 * log; and renames the copy. Before the rename, the path has the replaced store, complete and without a log. After it,
 * the path has the restored one. The lock is held until then. A process that waited for it finds that its file has
 * moved, and SQLite does not let it write.
 */
public final class Restore {
    private final StoreConfig config;
    private final boolean force;
    private final Adoption.By by;
    private final Path target;
    private final Path backup;

    private Restore(StoreConfig config, Path backup, boolean force, Adoption.By by) {
        this.config = config;
        this.force = force;
        this.by = by;
        this.target = FileChecks.check(config.file(), config.untrustedFileSystem());
        this.backup = backup.toAbsolutePath().normalize();
    }

    /** Restores; see {@link dev.fencepost.Store#restore}. */
    public static AdoptionReport run(StoreConfig config, Path backup, boolean force, Adoption.By by) {
        return new Restore(config, backup, force, by).run();
    }

    private AdoptionReport run() {
        if (!Files.isRegularFile(backup)) {
            throw new InvalidInputException("No backup '" + backup + "'. Give the path of a file");
        }
        if (FileChecks.identity(backup).equals(FileChecks.identity(target))) {
            throw new InvalidInputException(
                    "'" + backup + "' is the store itself. To make it an independent store, use adopt");
        }
        boolean replace = Files.exists(target);
        Path temporary = DurableFiles.beside(target, "restore");
        Optional<LockedFile> replaced = replace ? lock() : Optional.empty();
        try {
            DurableFiles.create(temporary);
            AdoptionReport report = FileChecks.naming(backup, () -> {
                copy(temporary);
                return adopt(temporary, replaced.map(LockedFile::session));
            });
            Backup.verify(temporary, backup, session -> {});
            DurableFiles.copyMode(replace ? target : backup, temporary);
            DurableFiles.force(temporary);
            removeLog(replaced.isEmpty());
            DurableFiles.publish(temporary, target, replace);
            return report;
        } finally {
            DurableFiles.remove(temporary);
            replaced.ifPresent(LockedFile::close);
        }
    }

    /** Locks the file that is to be replaced; empty if it cannot be read and is replaced nevertheless. */
    private Optional<LockedFile> lock() {
        try {
            return Optional.of(LockedFile.lock(target, config.writeLockTimeout()));
        } catch (UnusableStoreException e) {
            if (e.reason() == Reason.FOREIGN_LOG) {
                return Optional.of(lockWithoutLog());
            }
            return orForced(e);
        }
    }

    private Optional<LockedFile> orForced(UnusableStoreException e) {
        if (force) {
            return Optional.empty();
        }
        throw FileChecks.refusal(
                e.reason(),
                "'" + target + "' cannot be read as a store, so it is not replaced: " + e.getMessage()
                        + ". To replace it anyway, stop all processes and force the restore (--force)",
                e);
    }

    /**
     * Locks the file without its log, which belongs to another file and must not be moved into this one. Puts the log
     * back if the file is in use.
     */
    private LockedFile lockWithoutLog() {
        Path aside = DurableFiles.beside(LogOwnership.log(target), "lost");
        DurableFiles.rename(LogOwnership.log(target), aside);
        DurableFiles.removeOne(LogOwnership.journal(target));
        try {
            LockedFile locked = LockedFile.lock(target, config.writeLockTimeout());
            DurableFiles.removeOne(aside);
            return locked;
        } catch (FencepostException e) {
            DurableFiles.rename(aside, LogOwnership.log(target));
            throw e;
        }
    }

    private void copy(Path temporary) {
        SqliteConnections source = new SqliteConnections(backup, Durability.POWER_LOSS, config.writeLockTimeout());
        LogOwnership.refuseForeignLog(backup, source);
        boolean alone = !Files.exists(LogOwnership.log(backup)) && !Files.exists(LogOwnership.journal(backup));
        try (SqliteSession session = alone ? source.peek() : source.openReadOnly()) {
            session.change("BEGIN");
            StoreOpener.refuseForeign(session);
            Schema.SHIPPED.refuseNewer(Schema.versionOf(session));
            Backup.copyPages(session, temporary, (pages, total) -> {});
            session.commit();
        }
    }

    private AdoptionReport adopt(Path temporary, Optional<SqliteSession> replaced) {
        try (LockedFile copy = LockedFile.lock(temporary, config.writeLockTimeout())) {
            try {
                return Adoption.adoptFor(target, copy, replaced, config, by);
            } catch (UnusableStoreException e) {
                if (!force || replaced.isEmpty()) {
                    throw e;
                }
                // The replaced file may be so damaged that its epochs cannot be read.
                return Adoption.adoptFor(target, copy, Optional.empty(), config, by);
            }
        }
    }

    /**
     * Removes the files that SQLite or this library left beside the replaced file. The journal of a locked file is in
     * use.
     */
    private void removeLog(boolean withJournal) {
        for (Path left : List.of(LogOwnership.log(target), StoreFile.index(target), WalSync.mark(target))) {
            DurableFiles.removeOne(left);
        }
        if (withJournal) {
            DurableFiles.removeOne(LogOwnership.journal(target));
        }
        DurableFiles.forceFolder(target);
    }
}
