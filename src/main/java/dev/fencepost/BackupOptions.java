package dev.fencepost;

import java.util.Objects;

/**
 * The options of {@link Store#backup(java.nio.file.Path, BackupOptions)}. Immutable.
 *
 * @param replace whether to replace a file that has the name already
 * @param progress the receiver of the progress of the copy
 */
public record BackupOptions(boolean replace, Progress progress) {
    private static final BackupOptions DEFAULTS = new BackupOptions(false, (pages, total) -> {});

    /** A receiver of the progress of a copy. */
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

    /** Returns a copy of the options that replaces an existing file of that name, once the backup is complete. */
    public BackupOptions replacing() {
        return new BackupOptions(true, progress);
    }

    /** Returns a copy of the options with a receiver of progress. */
    public BackupOptions withProgress(Progress value) {
        return new BackupOptions(replace, value);
    }
}
