package dev.fencepost.internal.sql;

import dev.fencepost.UnusableStoreException;
import dev.fencepost.UnusableStoreException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** A file that has passed the doors. Safe for use by many threads. */
public final class StoreFile implements AutoCloseable {
    /** What SQLite calls shared memory, and keeps in a file of this name. */
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

    /** Where it is: absolute, without symbolic links. */
    public Path path() {
        return path;
    }

    /** Where its write-ahead log is, which every commit is written to first. */
    public Path log() {
        return beside("-wal");
    }

    /** How long the file of its log is; 0 if there is none. What the log holds may be less. */
    public long logBytes() {
        try {
            return Files.size(log());
        } catch (IOException e) {
            return 0;
        }
    }

    /** Opens connections to it. */
    public SqliteConnections sqlite() {
        return sqlite;
    }

    /** The random name of the store. */
    public String storeId() {
        return storeId;
    }

    /** The histories that the file had before this one. They change only while no store has the file open. */
    public FormerStores formerStores() {
        return formerStores;
    }

    /**
     * Notes which log the file has, and which index of that log. To be called when a connection that stays open has read:
     * from then on SQLite removes neither, so whoever does is a stranger.
     */
    public void noteLog() {
        for (Path companion : List.of(log(), index(path))) {
            FileChecks.identity(companion).ifPresent(noted -> companions.put(companion, noted));
        }
    }

    /**
     * Maps the index of the log; empty where that cannot be done. To be called when a connection has read that stays open
     * until the index is closed.
     *
     * @throws UnusableStoreException if another store of this process uses one that was removed or replaced
     */
    public Optional<WalIndex> mapIndex() {
        // The system gives the number of a file that was deleted to the next that is made; the name of a store is its
        // own.
        Optional<WalIndex> index = WalIndexMappings.acquire(index(path), List.of(identity, storeId));
        index.ifPresent(mapped -> overwrites = new OverwriteCheck(path, mapped));
        return index;
    }

    /** Where the index of a file's log is, for who asks about it and does not open it. */
    static Path index(Path file) {
        return file.resolveSibling(file.getFileName() + INDEX);
    }

    private Path beside(String suffix) {
        return path.resolveSibling(path.getFileName() + suffix);
    }

    /**
     * Refuses to go on if the path names another file now, or none, or if that is so of its log or the log's index: SQLite
     * would go on writing into a file that no other process sees, and acknowledge what is lost. Refuses a file that was emptied
     * or overwritten as well.
     */
    public void refuseIfReplaced() {
        refuseUnless(path, identity);
        companions.forEach(StoreFile::refuseUnless);
        FileVerifier.refuseIfEmptied(path.toFile());
        OverwriteCheck check = overwrites;
        if (check != null) {
            check.verify();
        }
    }

    /** Tells whether {@link #refuseIfReplaced} has more to compare than it had at its last call. Takes no system call. */
    public boolean hasNewLog() {
        OverwriteCheck check = overwrites;
        return check != null && check.isOutdated();
    }

    private static void refuseUnless(Path file, Object identity) {
        if (!FileChecks.identity(file).map(identity::equals).orElse(false)) {
            throw new UnusableStoreException(
                    Reason.REPLACED,
                    "'" + file
                            + "' was removed or replaced while it was open. Close the store, find out who did it, and open"
                            + " it again",
                    null);
        }
    }

    /** Ends the use of the file. To be called when all connections to it are closed. */
    @Override
    public void close() {
        use.close();
    }
}
