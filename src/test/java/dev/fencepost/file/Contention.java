package dev.fencepost.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.locks.LockSupport;

/** Pretends that another process waits to write, all the time, for the processes that have a store open. */
public final class Contention implements AutoCloseable {
    private final FileChannel writerQueue;
    private final Thread claimant = new Thread(this::claim);
    private volatile boolean closed;

    /** Begins, and creates the file of the writer queue if it is missing. */
    public Contention(Path database) throws IOException {
        writerQueue = FileChannel.open(
                database.resolveSibling(database.getFileName() + "-queue"),
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE);
        claimant.start();
    }

    private void claim() {
        while (!closed) {
            try {
                writerQueue.write(ByteBuffer.allocate(Long.BYTES).putLong(0, System.nanoTime()), 0);
            } catch (IOException e) {
                throw new AssertionError(e);
            }
            LockSupport.parkNanos(1_000_000);
        }
    }

    /** Occupies a place in the queue, or the turn itself, and does not move on. */
    void occupy(long place) throws IOException {
        writerQueue.lock(place, 1, false);
    }

    /** Returns whether no other process has a place. */
    boolean isFree(long place) throws IOException {
        try (FileLock lock = writerQueue.tryLock(place, 1, false)) {
            return lock != null;
        }
    }

    @Override
    public void close() throws IOException {
        closed = true;
        while (claimant.isAlive()) {
            Thread.onSpinWait();
        }
        writerQueue.close();
    }
}
