package dev.fencepost.internal.sql;

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
 * Forces SQLite's write-ahead log to the disk, outside of SQLite and of its locks. What the log held when a force began
 * is on the disk when it has ended: earlier commits of any process included, and what has left the log by then is in the
 * database file, which SQLite forces before it uses the log again.
 *
 * <h2>A disk that fails</h2>
 *
 * The operating system may drop what it could not write, tell that once to whoever had the file open, and let the next
 * force succeed without it. (A. Rebello et al.: 'Can Applications Recover from fsync Failures?', USENIX ATC 2020.) So
 * whoever is told marks the log as suspect for all processes, by a file beside it; and whoever next has the write lock
 * writes the log's bytes again where they are, forces them, and takes the mark away. Until then nothing is acknowledged
 * as durable, and nothing is moved into the database file.
 *
 * <p>SQLite puts no locks on the log, so that closing a channel of it loses none. Safe for use by many threads.
 */
public final class WalSync implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WalSync.class);
    private static final int CHUNK = 1 << 20;

    private final Path database;
    private final Path log;
    private final Path mark;
    private final AtomicLong failures = new AtomicLong();
    private @Nullable AsynchronousFileChannel channel;

    /** For the log of a database. */
    public WalSync(Path database) {
        this.database = database;
        this.log = database.resolveSibling(database.getFileName() + "-wal");
        this.mark = mark(database);
    }

    /** The file beside a database by which all processes know that the disk failed. */
    static Path mark(Path database) {
        return database.resolveSibling(database.getFileName() + "-suspect");
    }

    /** Opens the channel, if it is not open. To be called before what is to be forced is written. */
    synchronized AsynchronousFileChannel open() {
        AsynchronousFileChannel open = channel;
        if (open == null) {
            try {
                // The only kind of channel that an interrupt does not close in the middle of a force.
                open = AsynchronousFileChannel.open(log, StandardOpenOption.READ, StandardOpenOption.WRITE);
                channel = open;
            } catch (IOException e) {
                throw new StorageException("The log '" + log + "' cannot be opened: " + e.getMessage(), e);
            }
        }
        return open;
    }

    /** How often a force has failed here. Of several that run at one time, the failure is told to one only. */
    public long failures() {
        return failures.get();
    }

    /**
     * Returns when all that is in the log now is on the disk, if no force has failed meanwhile.
     *
     * @throws StorageException if the disk refuses; then it is not known what of it is there
     */
    public void sync() {
        try {
            open().force(false);
        } catch (IOException e) {
            markFailed();
            throw new StorageException("The disk did not take what was written to '" + log + "': " + e.getMessage(), e);
        }
    }

    /** Marks the log for all processes: the disk may lack a part of it without saying so again. */
    void markFailed() {
        failures.incrementAndGet();
        try {
            Sidecar.create(mark, database);
        } catch (FileAlreadyExistsException e) {
            LOG.debug("{} is marked already", log);
        } catch (IOException e) {
            LOG.error(
                    "The disk failed, and that could not be noted at {}. Stop all processes, and start again", mark, e);
        }
    }

    /** Whether the disk has failed and nobody has mended that yet. */
    public boolean isFailed() {
        return Files.exists(mark);
    }

    /**
     * Writes the log's bytes again, and forces them. The caller holds the write lock, so that nobody else writes them.
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
                    "The disk failed, and what it may lack of '" + log + "' could not be written again: "
                            + e.getMessage(),
                    e);
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
            throw new StorageException("The log '" + log + "' cannot be closed: " + e.getMessage(), e);
        }
    }
}
