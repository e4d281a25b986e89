package dev.fencepost;

import java.util.Objects;

/**
 * Options of {@link Store#backup(java.nio.file.Path, BackupOptions)}. Immutable.
 *
 * @param replace true to replace a file that has the name already
 * @param progress told how far the copying has come
 */
public record BackupOptions(boolean replace, Progress progress) {
    private static final BackupOptions DEFAULTS = new BackupOptions(false, (pages, total) -> {});

    /** Receives the progress of a copy. */
    @FunctionalInterface
    public interface Progress {
        /**
         * Receives the number of copied pages, on the thread that makes the backup. An exception fails the backup.
         *
         * @param pages the number of pages that are copied, up to {@code total}
         * @param total the number of pages of the store, each of 4 KiB
         */
        void copied(long pages, long total);
    }

    public BackupOptions {
        Objects.requireNonNull(progress, "progress");
    }

    /** Returns the defaults: no file is replaced, and progress is ignored. */
    public static BackupOptions defaults() {
        return DEFAULTS;
    }

    /** Replaces a file that has the name already, once the backup is complete. */
    public BackupOptions replacing() {
        return new BackupOptions(true, progress);
    }

    /** Reports progress. */
    public BackupOptions withProgress(Progress value) {
        return new BackupOptions(replace, value);
    }
}
