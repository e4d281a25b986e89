package dev.fencepost;

import org.jspecify.annotations.Nullable;

/** The file cannot be served. Nothing was created or written. */
public final class UnusableStoreException extends FencepostException {
    private static final long serialVersionUID = 1;

    /** Why a file cannot be served. */
    public enum Reason {
        /** The folder of the file does not exist. */
        NO_FOLDER,
        /** The path names something that is no regular file. */
        NOT_A_FILE,
        /** The file is missing or empty, and opening it was not to {@linkplain StoreConfig#withCreation create} a store. */
        NO_STORE,
        /** The file is no SQLite database. */
        NOT_A_DATABASE,
        /** The file is a SQLite database, but no store. */
        NOT_A_STORE,
        /** The file was written by a newer version of this library. */
        NEWER_SCHEMA,
        /** Tables, views or triggers of the store are missing or altered, or SQLite finds the file damaged. */
        DAMAGED,
        /** The file or its folder cannot be written. */
        READ_ONLY,
        /**
         * The file is on a file system of a network, or of the host of a virtual machine or container, where SQLite's locks
         * or shared memory cannot be relied on.
         */
        NETWORK_FILE_SYSTEM,
        /** The file has several names, under which processes would not see each other's log. */
        SEVERAL_NAMES,
        /** The file, its log or its log's index was removed or replaced while it was open; cached reads notice in 20 ms. */
        REPLACED,
        /** The file is a backup, or a copy of a store that is still in its place; adopt or restore it. */
        COPIED,
        /** The log or journal beside the file belongs to another file. */
        FOREIGN_LOG,
        /** The file holds less than this process has seen in it. */
        HISTORY_WENT_BACK,
        /** The path is longer than SQLite or the file system accepts, with the names that they add to it. */
        PATH_TOO_LONG,
        /** SQLite's native library cannot be extracted or loaded. */
        NATIVE_LIBRARY,
        /** A library that this one needs is missing, or older than it must be. */
        DEPENDENCY,
        /** Another store of this JVM has the file open through another copy of SQLite, loaded by another class loader. */
        SECOND_DRIVER,
        /**
         * This process closed a descriptor of the file or of its {@code -shm} file while a store had it open, and so lost
         * SQLite's locks. Commits notice it within some 20 ms, where Linux lists the locks of the process.
         */
        LOCKS_LOST
    }

    private final Reason reason;

    public UnusableStoreException(Reason door, String message, @Nullable Throwable cause) {
        super("refused", false, message, cause);
        this.reason = door;
    }

    /** Why the file cannot be served. */
    public Reason reason() {
        return reason;
    }
}
