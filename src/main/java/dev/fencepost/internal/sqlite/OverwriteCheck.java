package dev.fencepost.internal.sqlite;

import dev.fencepost.UnusableStoreException;
import dev.fencepost.UnusableStoreException.Reason;
import dev.fencepost.internal.sqlite.WalIndex.Header;
import dev.fencepost.internal.sqlite.WalIndex.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Detects that a program other than SQLite wrote the database file, for example by copying a file over it. While the
 * WAL is open, only checkpoints write the database file, and the index of the WAL shows their progress. So the file was
 * overwritten if it changed between two moments without a running checkpoint and with the same progress.
 *
 * <p>SQLite records the frames to copy before a checkpoint writes the file, and the copied frames after that. (SQLite:
 * 'WAL-mode File Format', section 2.2: {@code nBackfillAttempted} and {@code nBackfill}.) Changes between two
 * checkpoints that this process did not see are not detected. Thread-safe.
 */
final class OverwriteCheck {
    private final Path database;
    private final WalIndex index;
    private volatile @Nullable Noted noted;
    private volatile boolean overwritten;

    /** The state of the file while no checkpoint was running. */
    private record Noted(Progress progress, long counter, FileTime modified, long bytes) {
        /** Tells whether the file differs though no checkpoint wrote it. The counter restarts after a recovery. */
        boolean isOverwrittenAt(Noted later) {
            return progress.equals(later.progress)
                    && counter <= later.counter
                    && !(modified.equals(later.modified) && bytes == later.bytes);
        }
    }

    /** Creates a check of a database file, which works while the index of its WAL is open. */
    OverwriteCheck(Path database, WalIndex index) {
        this.database = database;
        this.index = index;
    }

    /**
     * Verifies that only checkpoints wrote the file since the last call.
     *
     * @throws UnusableStoreException if another program wrote it; every later call throws it too
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

    /** Tells whether a checkpoint or a new WAL followed the last {@link #verify}. Makes no system call. */
    boolean isOutdated() {
        Noted last = noted;
        return last == null || !index.progress().map(last.progress()::equals).orElse(false);
    }

    /** Returns the current state of the file; empty if a checkpoint is running, or if the state is unknown. */
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
            // Removed or unreadable. Another check detects that.
            return Optional.empty();
        }
    }
}
