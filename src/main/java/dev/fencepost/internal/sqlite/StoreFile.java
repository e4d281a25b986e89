package dev.fencepost.internal.sqlite;

import dev.fencepost.UnusableStoreException;
import dev.fencepost.UnusableStoreException.Reason;
import dev.fencepost.internal.sql.FormerStores;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The file of a store, after all checks. Safe for use by many threads. */
public final class StoreFile implements AutoCloseable {
    /** The suffix of the log's index, which SQLite calls shared memory. */
    private static final String INDEX = "-shm";

    private final Path path;
    private final Object identity;
    private final Map<Path, Object> companions = new ConcurrentHashMap<>();
    private final DriverUse use;
    private final SqliteConnections sqlite;
    private final String storeId;
    private final FormerStores formerStores;
    private volatile @Nullable OverwriteCheck overwrites;

    StoreFile(
            Path path,
            Object identity,
            DriverUse use,
            SqliteConnections sqlite,
            String storeId,
            FormerStores formerStores) {
        this.path = path;
        this.identity = identity;
        this.use = use;
        this.sqlite = sqlite;
        this.storeId = storeId;
        this.formerStores = formerStores;
    }

    /** Returns the path of the file: absolute, without symbolic links. */
    public Path path() {
        return path;
    }

    /** Returns the path of the write-ahead log, to which every commit is written first. */
    Path log() {
        return beside("-wal");
    }

    /**
     * Returns the length in bytes of the log's file; 0 if there is none. The valid content of the log may be shorter.
     */
    long logBytes() {
        try {
            return Files.size(log());
        } catch (IOException e) {
            return 0;
        }
    }

    /** Returns the opener of connections to the file. */
    SqliteConnections sqlite() {
        return sqlite;
    }

    /** Returns the random ID of the store. */
    public String storeId() {
        return storeId;
    }

    /** Returns the histories that the file had before this one. They change only while no store has the file open. */
    FormerStores formerStores() {
        return formerStores;
    }

    /**
     * Records the identities of the log and of its index. Must be called when a connection that stays open has read.
     * From then on SQLite removes neither, so only another program can.
     */
    void noteLog() {
        for (Path companion : List.of(log(), index(path))) {
            FileChecks.identity(companion).ifPresent(noted -> companions.put(companion, noted));
        }
    }

    /**
     * Maps the index of the log; empty if it cannot be mapped. Must be called when a connection has read that stays
     * open until the index is closed.
     *
     * @throws UnusableStoreException if another store of this process uses an index that was removed or replaced
     */
    Optional<WalIndex> mapIndex() {
        // The system may give a new file the inode number of a deleted one, but the store's ID is unique.
        Optional<WalIndex> index = WalIndexMappings.acquire(index(path), List.of(identity, storeId));
        index.ifPresent(mapped -> overwrites = new OverwriteCheck(path, mapped));
        return index;
    }

    /** Returns the path of the index of a file's log. For callers that do not open the file as a store. */
    static Path index(Path file) {
        return file.resolveSibling(file.getFileName() + INDEX);
    }

    private Path beside(String suffix) {
        return path.resolveSibling(path.getFileName() + suffix);
    }

    /**
     * Refuses to continue if the path names another file now, or none, or if that is true of the log or its index.
     * SQLite would go on writing into a file that no other process sees, and acknowledge commits that are lost. Also
     * refuses a file that was emptied or overwritten.
     */
    void refuseIfReplaced() {
        refuseUnless(path, identity);
        companions.forEach(StoreFile::refuseUnless);
        FileVerifier.refuseIfEmptied(path.toFile());
        OverwriteCheck check = overwrites;
        if (check != null) {
            check.verify();
        }
    }

    /**
     * Tells whether {@link #refuseIfReplaced} has more to compare than it had at its last call. Makes no system call.
     */
    boolean hasNewLog() {
        OverwriteCheck check = overwrites;
        return check != null && check.isOutdated();
    }

    private static void refuseUnless(Path file, Object identity) {
        if (!FileChecks.identity(file).map(identity::equals).orElse(false)) {
            throw new UnusableStoreException(
                    Reason.REPLACED,
                    "'" + file
                            + "' was removed or replaced while it was open. Close the store, find the cause, and open"
                            + " it again",
                    null);
        }
    }

    /** Ends the use of the file. Must be called when all connections to it are closed. */
    @Override
    public void close() {
        use.close();
    }
}
