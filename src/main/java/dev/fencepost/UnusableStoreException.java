package dev.fencepost;

import org.jspecify.annotations.Nullable;

/** The refusal of an unusable store, with its reason. Nothing was created or written. */
public final class UnusableStoreException extends FencepostException {
    private static final long serialVersionUID = 1;

    /** The reason for which a store is unusable. */
    public enum Reason {
        /** A file in a folder that does not exist. */
        NO_FOLDER,
        /** A path to something other than a regular file. */
        NOT_A_FILE,
        /** A missing or empty file, if opening it may not {@linkplain StoreConfig#withCreation create} a store. */
        NO_STORE,
        /** A file that is no SQLite database. */
        NOT_A_DATABASE,
        /** A SQLite database that is no store. */
        NOT_A_STORE,
        /** A file that a newer version of this library wrote. */
        NEWER_SCHEMA,
        /** A damaged file: SQLite reports damage, or tables, views or triggers of the store are missing or altered. */
        DAMAGED,
        /** A file or a folder that cannot be written. */
        READ_ONLY,
        /**
         * A file on a file system of a network, or of the host of a virtual machine or container. SQLite's locks or
         * shared memory are unreliable there.
         */
        NETWORK_FILE_SYSTEM,
        /** A file with several names, under which processes would not see each other's log. */
        SEVERAL_NAMES,
        /**
         * A file that was removed or replaced while open, or whose log or log index was; cached reads notice in 20 ms.
         */
        REPLACED,
        /** A backup, or a copy of a store that is still in its place; adopt or restore it. */
        COPIED,
        /** A file beside a log or journal that belongs to another file. */
        FOREIGN_LOG,
        /** A file that lacks history which this process has seen in it. */
        HISTORY_WENT_BACK,
        /** A path that is too long for SQLite or the file system, with the names that they add to it. */
        PATH_TOO_LONG,
        /** A native library of SQLite that cannot be extracted or loaded. */
        NATIVE_LIBRARY,
        /** A required library that is missing or too old. */
        DEPENDENCY,
        /** A file that another store of this JVM has open through a copy of SQLite from another class loader. */
        SECOND_DRIVER,
        /**
         * Lost locks: this process closed a descriptor of the file or its {@code -shm} file while a store had it open.
         * Commits notice it within some 20 ms, if Linux lists the locks of the process.
         */
        LOCKS_LOST
    }

    private final Reason reason;

    public UnusableStoreException(Reason reason, String message, @Nullable Throwable cause) {
        super("refused", false, message, cause);
        this.reason = reason;
    }

    /** Returns the reason for which the store is unusable. */
    public Reason reason() {
        return reason;
    }
}
