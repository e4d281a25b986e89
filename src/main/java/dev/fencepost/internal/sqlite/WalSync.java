package dev.fencepost.internal.sqlite;

import dev.fencepost.StorageException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Forces SQLite's write-ahead log to the disk with fsync, outside of SQLite and of its locks. After a sync, everything
 * that the log held when the sync began is on the disk. That includes earlier commits of any process. Frames that have
 * left the log by then are in the database file, which SQLite forces before it uses the log again.
 *
 * <h2>A disk that fails</h2>
 *
 * The operating system may drop data that it could not write. It reports that once to a process that has the file open,
 * and may let the next fsync succeed without the data. (A. Rebello et al.: 'Can Applications Recover from fsync
 * Failures?', USENIX ATC 2020.) So the process that gets the error marks the log as suspect for all processes, by a
 * file beside it. The next process that has the write lock rewrites the log's bytes in place, forces them, and removes
 * the mark. Until then no commit is acknowledged as durable, and no frame is moved into the database file.
 *
 * <p>SQLite puts no locks on the log, so that closing a channel of it loses none. Safe for use by many threads.
 */
final class WalSync implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WalSync.class);
    private static final int CHUNK = 1 << 20;

    private final Path database;
    private final Path log;
    private final Path mark;
    private final AtomicLong failures = new AtomicLong();
    private @Nullable AsynchronousFileChannel channel;

    /** Creates a sync of the log of a database. The log is not opened yet. */
    WalSync(Path database) {
        this.database = database;
        this.log = database.resolveSibling(database.getFileName() + "-wal");
        this.mark = mark(database);
    }

    /** Returns the path of the mark beside a database, which tells all processes that the disk failed. */
    static Path mark(Path database) {
        return database.resolveSibling(database.getFileName() + "-fsync-failed");
    }

    /** Opens the channel, if it is not open. Must be called before the data to be forced is written. */
    synchronized AsynchronousFileChannel open() {
        AsynchronousFileChannel open = channel;
        if (open == null) {
            try {
                // The only kind of channel that an interrupt does not close during a sync.
                open = AsynchronousFileChannel.open(log, StandardOpenOption.READ, StandardOpenOption.WRITE);
                channel = open;
            } catch (IOException e) {
                throw new StorageException("The WAL '" + log + "' cannot be opened: " + e.getMessage(), e);
            }
        }
        return open;
    }

    /** Returns the number of syncs that have failed here. If several run at once, only one of them gets the failure. */
    long failures() {
        return failures.get();
    }

    /**
     * Waits until everything that is in the log now is on the disk. That is certain only if no sync has failed
     * meanwhile.
     *
     * @throws StorageException if the disk refuses; it is then unknown how much of the log is on the disk
     */
    void sync() {
        try {
            open().force(false);
        } catch (IOException e) {
            markFailed();
            throw new StorageException("The disk failed during an fsync of '" + log + "': " + e.getMessage(), e);
        }
    }

    /** Marks the log for all processes: the disk may lack a part of it, and may not report that again. */
    void markFailed() {
        failures.incrementAndGet();
        try {
            Sidecar.create(mark, database);
        } catch (FileAlreadyExistsException e) {
            LOG.debug("{} exists already", log);
        } catch (IOException e) {
            LOG.error(
                    "The disk failed, and {} could not be created to record it. Stop all processes and restart them",
                    mark,
                    e);
        }
    }

    /** Returns whether the disk has failed and no process has rewritten the log since. */
    boolean isFailed() {
        return Files.exists(mark);
    }

    /**
     * Rewrites the log's bytes in place, and forces them. The caller holds the write lock, so no other process writes
     * them.
     *
     * @throws StorageException if the disk still refuses; the mark stays
     */
    void rewrite() {
        try (RandomAccessFile bytes = new RandomAccessFile(log.toFile(), "rw")) {
            byte[] chunk = new byte[CHUNK];
            for (long at = 0, read; (read = readAt(bytes, at, chunk)) > 0; at += read) {
                bytes.seek(at);
                bytes.write(chunk, 0, (int) read);
            }
            bytes.getFD().sync();
            Files.deleteIfExists(mark);
        } catch (IOException e) {
            throw new StorageException(
                    "The disk failed, and rewriting the unsynced part of '" + log + "' failed: " + e.getMessage(), e);
        }
    }

    private static int readAt(RandomAccessFile bytes, long at, byte[] chunk) throws IOException {
        bytes.seek(at);
        return bytes.read(chunk);
    }

    @Override
    public synchronized void close() {
        AsynchronousFileChannel open = channel;
        channel = null;
        try {
            if (open != null) {
                open.close();
            }
        } catch (IOException e) {
            throw new StorageException("The WAL '" + log + "' cannot be closed: " + e.getMessage(), e);
        }
    }
}
