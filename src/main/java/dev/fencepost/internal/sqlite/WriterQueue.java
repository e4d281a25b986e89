package dev.fencepost.internal.sqlite;

import dev.fencepost.internal.util.Patience;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.FileLockInterruptionException;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A fair queue of the processes that want to write. SQLite takes its own write lock by polling. So a process that
 * releases the lock and wants it again at once gets it before the waiting processes poll.
 *
 * <p>The queue consists of two locks on a file beside the database. The operating system lets a process wait for them
 * without polling. The process at the head of the queue holds one lock. At most one process waits for it, and holds the
 * other lock; all others wait for that. So a process that leaves the head queues up behind the others. A process that
 * dies releases both locks.
 *
 * <p>This is for fairness alone. SQLite's lock decides which process writes, and a process that does not queue, or
 * stops waiting, can still write. So no method throws: on a failure, the caller proceeds without the queue. In
 * particular, a process that is stopped in the queue delays the others by no more than {@link #PATIENCE}. They then
 * bypass the queue for 10 s.
 *
 * <p>While no process has had to wait in the last 10 ms, writers need not queue. A time in the file tells them. The
 * last process to close the file removes it. The protocol is model-checked in {@code specs/WriterQueue.tla}. Used by
 * one thread at a time, except for {@link #close}.
 */
final class WriterQueue implements AutoCloseable {
    /** The time without movement after which a waiting process bypasses the queue. */
    static final Duration PATIENCE = Duration.ofSeconds(1);

    private static final long PASSED_BY_NANOS = Duration.ofSeconds(10).toNanos();
    private static final Duration LONGEST = Duration.ofDays(1);
    private static final long LATELY_NANOS = Duration.ofMillis(10).toNanos();

    /** The interval between reads of the time in the file, each of which costs a system call. */
    private static final long ASKED_EVERY_NANOS = Duration.ofMillis(1).toNanos();

    private static final Logger LOG = LoggerFactory.getLogger(WriterQueue.class);
    /** The offsets of the locked bytes of the file: to queue, for its head, and (shared) while the file is open. */
    private static final long QUEUE = 8;

    private static final long TURN = 9;
    private static final long OPEN = 10;

    /** The offset of the counter of arrivals at the head of the queue. */
    private static final long TURNS = 16;

    /** The offset of a write that wakes processes that watch the folder. Its content has no meaning. */
    private static final long BELL = 24;

    private final Path database;
    private final Path file;
    private final Watchdog watchdog = new Watchdog(this::giveUpWaiting, PATIENCE);
    private volatile @Nullable FileChannel channel;
    private final ByteBuffer time = ByteBuffer.allocateDirect(Long.BYTES);
    private long asked;
    private boolean contended;
    private volatile @Nullable FileLock turn;
    private volatile boolean passes;
    private volatile long passesUntil;
    private volatile boolean absent;

    /** The deadline of the operation that waits in the queue. */
    private volatile Patience patience = Patience.of(LONGEST);

    /** The counter of arrivals when the watchdog last read it. Used by the watchdog only. */
    private long turnsSeen = -1;

    /** Creates the writer queue of a database. Its file is created when it is first needed. */
    WriterQueue(Path database) {
        this.database = database;
        this.file = beside(database);
    }

    /** Returns the path of the queue's file, beside the database. */
    static Path beside(Path database) {
        return database.resolveSibling(database.getFileName() + "-queue");
    }

    /**
     * Wakes processes that watch the folder: a commit can be seen now. The log was written when the commit began, but
     * SQLite shows the commit only after the disk has answered, and touches no file then.
     */
    void signalCommit() {
        withFile(open -> (long) open.write(time.clear(), BELL));
    }

    /**
     * Returns whether a process has had to wait in the last 10 ms, so that all should queue. The answer can be 1 ms
     * old.
     */
    boolean isContended() {
        long now = System.nanoTime();
        if (now - asked >= ASKED_EVERY_NANOS) {
            asked = now;
            // The clock restarts with the machine, so an old time in the file may lie in the future.
            contended = Math.abs(now - withFile(this::lastContention)) < LATELY_NANOS;
        }
        return contended;
    }

    /** Records in the file that a process has to wait. */
    void noteContention() {
        asked = System.nanoTime();
        contended = true;
        withFile(open -> {
            time.clear().putLong(asked).flip();
            return (long) open.write(time, 0);
        });
    }

    private long lastContention(FileChannel open) throws IOException {
        time.clear();
        return open.read(time, 0) == Long.BYTES ? time.flip().getLong() : 0;
    }

    /**
     * Reads or writes the file. Clears the thread's interrupt flag meanwhile, since an interrupt would close the
     * channel.
     */
    private long withFile(Access access) {
        boolean interrupted = Thread.interrupted();
        try {
            FileChannel open = open();
            return open == null ? 0 : access.to(open);
        } catch (ClosedChannelException e) {
            forget();
            return 0;
        } catch (IOException e) {
            doWithout(e);
            return 0;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private interface Access {
        long to(FileChannel open) throws IOException;
    }

    /**
     * Waits for the head of the queue, unless this process is at it already or cannot queue. Keeps the thread's
     * interrupt flag.
     */
    void await() {
        if (turn != null || absent || (passes && System.nanoTime() - passesUntil < 0)) {
            return;
        }
        passes = false;
        patience = Patience.of(LONGEST);
        boolean interrupted = Thread.interrupted();
        try {
            for (boolean again = true; again; ) {
                again = tryToEnter();
                // An interrupt closes the channel on which the thread waits. It is meant for the caller, so the wait
                // begins anew.
                interrupted |= Thread.interrupted();
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Waits once, and returns whether to try again. */
    private boolean tryToEnter() {
        FileChannel open = open();
        if (open == null) {
            return false;
        }
        watchdog.begin();
        try (FileLock queued = open.lock(QUEUE, 1, false)) {
            turn = queued.channel().lock(TURN, 1, false);
            countTurn(open);
            return false;
        } catch (OverlappingFileLockException e) {
            // Another store of this process has the same file open. Both take SQLite's lock by polling.
            return false;
        } catch (ClosedChannelException | FileLockInterruptionException e) {
            forget();
            return !passes;
        } catch (IOException e) {
            doWithout(e);
            return false;
        } finally {
            watchdog.end();
        }
    }

    /** Leaves the head of the queue to the next process, if this process is at it. */
    void release() {
        FileLock held = turn;
        if (held == null) {
            return;
        }
        turn = null;
        boolean interrupted = Thread.interrupted();
        try {
            if (isQueueing(held.channel())) {
                noteContention();
            }
            held.release();
        } catch (IOException e) {
            // The channel was closed, and the lock with it.
            releaseAll();
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static boolean isQueueing(FileChannel open) throws IOException {
        try (FileLock queue = open.tryLock(QUEUE, 1, false)) {
            return queue == null;
        } catch (OverlappingFileLockException e) {
            return true;
        }
    }

    /** Returns whether this process is at the head of the queue. */
    boolean hasTurn() {
        return turn != null;
    }

    /**
     * Ends the wait if the operation's deadline has passed or the queue has stopped moving. Closing the channel
     * releases both locks and wakes the thread that waits on it.
     *
     * @return whether the wait was ended
     */
    private boolean giveUpWaiting() {
        if (patience.isOver()) {
            passes = true;
            passesUntil = System.nanoTime();
            releaseAll();
            return true;
        }
        long moved = turns();
        if (moved != turnsSeen) {
            turnsSeen = moved;
            return false;
        }
        passes = true;
        passesUntil = System.nanoTime() + PASSED_BY_NANOS;
        LOG.warn("Writer queue {} has not moved for 1 s; bypassing it for 10 s", file);
        releaseAll();
        return true;
    }

    /** Returns how often processes have arrived at the head of the queue. Each process counts its own arrivals. */
    private long turns() {
        FileChannel open = channel;
        ByteBuffer count = ByteBuffer.allocate(Long.BYTES);
        try {
            return open != null && open.read(count, TURNS) == Long.BYTES ? count.getLong(0) : 0;
        } catch (IOException e) {
            return 0;
        }
    }

    private static void countTurn(FileChannel open) throws IOException {
        ByteBuffer count = ByteBuffer.allocate(Long.BYTES);
        open.read(count, TURNS);
        open.write(count.putLong(0, count.getLong(0) + 1).rewind(), TURNS);
    }

    private void releaseAll() {
        FileChannel open = channel;
        forget();
        try {
            if (open != null) {
                open.close();
            }
        } catch (IOException e) {
            LOG.debug("Could not close {}", file, e);
        }
    }

    private void forget() {
        channel = null;
        turn = null;
    }

    private @Nullable FileChannel open() {
        FileChannel open = channel;
        return open == null && !absent ? openFile() : open;
    }

    private @Nullable FileChannel openFile() {
        try {
            FileChannel open = openOrCreate();
            channel = open;
            // Held until the channel is closed. The wait is short, since a process that removes the file holds this
            // lock only briefly.
            open.lock(OPEN, 1, true);
            if (!Files.exists(file)) {
                // The last process that had the file open has just removed it.
                releaseAll();
            }
            return channel;
        } catch (IOException | OverlappingFileLockException | UnsupportedOperationException e) {
            doWithout(e);
            return null;
        }
    }

    private FileChannel openOrCreate() throws IOException {
        while (true) {
            try {
                return FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
            } catch (NoSuchFileException e) {
                create();
            }
        }
    }

    private void create() throws IOException {
        try {
            Sidecar.create(file, database);
        } catch (FileAlreadyExistsException e) {
            LOG.trace("Another process created {} first", file, e);
        }
    }

    /**
     * Stops queueing: another store of this process uses the file, or files cannot be locked. Only fairness is lost.
     */
    private void doWithout(Exception e) {
        if (e instanceof AccessDeniedException) {
            LOG.warn(
                    "This user cannot open {}; writers of this process bypass the writer queue. Give the file the mode"
                            + " and group of the database",
                    file);
        } else {
            LOG.debug("Writer queue {} is unavailable", file, e);
        }
        absent = true;
        releaseAll();
    }

    /** Releases all locks, and removes the file if no other store has it open. */
    @Override
    public void close() {
        watchdog.close();
        FileChannel open = channel;
        absent = true;
        if (open != null) {
            closeAndRemove(open);
        }
        releaseAll();
    }

    private void closeAndRemove(FileChannel open) {
        boolean interrupted = Thread.interrupted();
        try {
            // Closing any channel of a file releases all of this process's locks on it, so this is done first.
            open.close();
            removeUnlessUsed();
        } catch (IOException | OverlappingFileLockException e) {
            LOG.debug("Could not remove {}, which is harmless", file, e);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void removeUnlessUsed() throws IOException {
        try (FileChannel last = FileChannel.open(file, StandardOpenOption.WRITE);
                FileLock alone = last.tryLock(OPEN, 1, false)) {
            if (alone != null) {
                Files.delete(file);
            }
        }
    }
}
