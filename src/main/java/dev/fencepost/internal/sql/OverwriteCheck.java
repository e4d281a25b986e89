package dev.fencepost.internal.sql;

import dev.fencepost.UnusableStoreException;
import dev.fencepost.UnusableStoreException.Reason;
import dev.fencepost.internal.sql.WalIndex.Header;
import dev.fencepost.internal.sql.WalIndex.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Notices that a database file was written by something other than SQLite, as by a copy over it. While the log is open,
 * only checkpoints write the database file, and the index of the log shows how far they came. So a file that changed
 * between two moments at which no checkpoint was under way and the progress was the same was overwritten.
 *
 * <p>SQLite notes the frames that a checkpoint is to copy before it writes the file, and the frames that it copied after
 * that. (SQLite: 'WAL-mode File Format', section 2.2: {@code nBackfillAttempted} and {@code nBackfill}.) What happened
 * between two checkpoints that this process did not see cannot be told. Thread-safe.
 */
final class OverwriteCheck {
    private final Path database;
    private final WalIndex index;
    private volatile @Nullable Noted noted;
    private volatile boolean overwritten;

    /** The file as it was while no checkpoint was under way. */
    private record Noted(Progress progress, long counter, FileTime modified, long bytes) {
        /** Tells whether the file differs though no checkpoint wrote it. The counter begins anew after a recovery. */
        boolean isOverwrittenAt(Noted later) {
            return progress.equals(later.progress)
                    && counter <= later.counter
                    && !(modified.equals(later.modified) && bytes == later.bytes);
        }
    }

    /** A check of a database file, as long as the index of its log is open. */
    OverwriteCheck(Path database, WalIndex index) {
        this.database = database;
        this.index = index;
    }

    /**
     * Verifies that only checkpoints wrote the file since the last call.
     *
     * @throws UnusableStoreException if something else wrote it; so does every later call
     */
    void verify() {
        Noted before = noted;
        look().ifPresent(now -> {
            if (before != null && before.isOverwrittenAt(now)) {
                overwritten = true;
            }
            noted = now;
        });
        if (overwritten) {
            throw new UnusableStoreException(
                    Reason.DAMAGED,
                    "'" + database + "' was overwritten while it was open, as by a copy over it, or its time of"
                            + " modification was set. Stop all processes, keep a copy of the file and its log, and restore"
                            + " a backup with 'fencepost restore'",
                    null);
        }
    }

    /** Tells whether a checkpoint or a new log came after the last look. Takes no system call. */
    boolean isOutdated() {
        Noted last = noted;
        return last == null || !index.progress().map(last.progress()::equals).orElse(false);
    }

    /** The file at present; empty if a checkpoint is under way, or if that cannot be told. */
    private Optional<Noted> look() {
        Optional<Progress> before = index.progress();
        if (before.isEmpty() || !before.get().isComplete()) {
            return Optional.empty();
        }
        try {
            BasicFileAttributes file = Files.readAttributes(database, BasicFileAttributes.class);
            Optional<Header> header = index.header();
            return header.isPresent() && before.equals(index.progress())
                    ? Optional.of(new Noted(before.get(), header.get().counter(), file.lastModifiedTime(), file.size()))
                    : Optional.empty();
        } catch (IOException e) {
            // Removed, or not to be looked at: another check finds that out.
            return Optional.empty();
        }
    }
}
