package dev.fencepost.internal.sql;

import dev.fencepost.StoreFailedException;
import java.io.IOException;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * Forces SQLite's write-ahead log to the disk, outside of SQLite and of its locks. What the log held when a force began
 * is on the disk when it has ended: earlier commits of any process included, and what has left the log by then is in the
 * database file, which SQLite forces before it uses the log again.
 *
 * <p>Its channel is opened once and kept, since a disk's failure is told to those only who had the file open. SQLite puts
 * no locks on the log, so closing the channel loses none. Safe for use by many threads.
 */
public final class LogForce implements AutoCloseable {
    private final Path log;
    private @Nullable AsynchronousFileChannel channel;

    /** For the log of a database. */
    public LogForce(Path database) {
        this.log = database.resolveSibling(database.getFileName() + "-wal");
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
                throw new StoreFailedException("The log '" + log + "' cannot be opened: " + e.getMessage(), e);
            }
        }
        return open;
    }

    /**
     * Returns when all that is in the log now is on the disk.
     *
     * @throws StoreFailedException if the disk refuses; then it is not known what of it is there
     */
    public void force() {
        try {
            open().force(false);
        } catch (IOException e) {
            throw new StoreFailedException(
                    "The disk did not take what was written to '" + log + "': " + e.getMessage(), e);
        }
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
            throw new StoreFailedException("The log '" + log + "' cannot be closed: " + e.getMessage(), e);
        }
    }
}
