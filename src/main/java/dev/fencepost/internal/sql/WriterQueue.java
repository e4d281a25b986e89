package dev.fencepost.internal.sql;

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
 * Makes processes that want to write take turns. SQLite's own lock is taken by trying again and again, so whoever gives
 * it back and wants it at once again has it before those who wait have looked.
 *
 * <p>Two locks on a file beside the database, for which the operating system lets a process wait without trying again:
 * one to queue, and one for the turn. At most one process waits for the turn, all others queue, so that whoever gives up
 * its turn stands behind them. A process that dies gives both back.
 *
 * <p>This is for fairness alone. SQLite's lock decides who writes; whoever does not go through here, or gives up waiting
 * here, is served all the same. So nothing here throws: what fails lets through. In particular a process that is stopped
 * while it stands here holds up the others no longer than {@link #PATIENCE}, whereupon they pass it by for a while.
 *
 * <p>While nobody has had to wait lately, nobody needs to go through here; whether somebody had is said by a time in the
 * file. Whoever closes last removes the file. The protocol is model-checked in {@code specs/Turnstile.tla}. Used by one
 * thread at a time, but for {@link #close}.
 */
public final class WriterQueue implements AutoCloseable {
    /** How long the queue may stand still before whoever holds it up is passed by. */
    static final Duration PATIENCE = Duration.ofSeconds(1);

    private static final long PASSED_BY_NANOS = Duration.ofSeconds(10).toNanos();
    private static final Duration LONGEST = Duration.ofDays(1);
    private static final long LATELY_NANOS = Duration.ofMillis(10).toNanos();

    /** How long it may take to hear of somebody who has to wait. Asking costs a system call. */
    private static final long ASKED_EVERY_NANOS = Duration.ofMillis(1).toNanos();

    private static final Logger LOG = LoggerFactory.getLogger(WriterQueue.class);
    /** Bytes of the file that are locked: to queue, for the turn, and (shared) while it is open. */
    private static final long QUEUE = 8;

    private static final long TURN = 9;
    private static final long OPEN = 10;

    /** Where turns are counted. */
    private static final long TURNS = 16;

    /** What is written here says nothing; that it is written can be heard. */
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

    /** Until when the operation waits whose turn is waited for. */
    private volatile Patience patience = Patience.of(LONGEST);

    /** Of the watchdog alone. */
    private long turnsSeen = -1;

    /** A turnstile beside a database. Its file is made when it is first needed. */
    public WriterQueue(Path database) {
        this.database = database;
        this.file = beside(database);
    }

    /** The file beside a database. */
    public static Path beside(Path database) {
        return database.resolveSibling(database.getFileName() + "-turnstile");
    }

    /**
     * Lets those who watch the folder hear that a commit can be seen now. The log was written to when the commit began,
     * but SQLite shows it only after the disk has answered, and touches no file then.
     */
    void signalCommit() {
        withFile(open -> (long) open.write(time.clear(), BELL));
    }

    /** Whether a process has had to wait lately, so that everybody should take turns. */
    public boolean isContended() {
        long now = System.nanoTime();
        if (now - asked >= ASKED_EVERY_NANOS) {
            asked = now;
            // A time from before the machine started again may lie ahead.
            contended = Math.abs(now - withFile(this::lastContention)) < LATELY_NANOS;
        }
        return contended;
    }

    /** Says to all that somebody has to wait. */
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

    /** Reads or writes the file, and shields it from interrupts, which are not for us. */
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

    /** Waits for the turn, unless it is held already or cannot be had. Keeps the flag of an interrupted thread. */
    public void await() {
        if (turn != null || absent || (passes && System.nanoTime() - passesUntil < 0)) {
            return;
        }
        passes = false;
        patience = Patience.of(LONGEST);
        boolean interrupted = Thread.interrupted();
        try {
            for (boolean again = true; again; ) {
                again = tryToEnter();
                // An interrupt closes the channel under a thread that waits on it; it is not for us, so we begin anew.
                interrupted |= Thread.interrupted();
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Returns whether it is to be tried again. */
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
            // Another store of this process, on the same file. They share SQLite's lock by trying again and again.
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

    /** Gives the turn to the next, if this process has it. */
    public void release() {
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

    /** Whether this process has its turn. */
    public boolean hasTurn() {
        return turn != null;
    }

    /**
     * Closes the channel, which gives back both locks and wakes the thread that waits on it. A queue that moves is waited
     * for, but no longer than the operation waits.
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
        LOG.warn("Somebody holds up the queue of writers at {}; it is passed by for a while", file);
        releaseAll();
        return true;
    }

    /** How many turns have been taken by all processes; counted by whoever has the turn. */
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
            LOG.debug("{} could not be closed", file, e);
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
            // Held until the channel is closed, and had at once: whoever removes the file holds it for a moment only.
            open.lock(OPEN, 1, true);
            if (!Files.exists(file)) {
                // Whoever had it open before us has just removed it.
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
            LOG.trace("{} was created by another process meanwhile", file, e);
        }
    }

    /** Fairness is all that is lost: with another store of this process on the same file, or where files cannot be locked. */
    private void doWithout(Exception e) {
        if (e instanceof AccessDeniedException) {
            LOG.warn(
                    "This user cannot open {}, so writers of this process wait without an order. Give the file the mode and"
                            + " group of the database",
                    file);
        } else {
            LOG.debug("Nobody takes turns to write at {}", file, e);
        }
        absent = true;
        releaseAll();
    }

    /** Gives everything back, and removes the file if nobody else has it open. */
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
            // Closing any channel of a file gives back all of this process's locks on it, so this comes first.
            open.close();
            removeUnlessUsed();
        } catch (IOException | OverlappingFileLockException e) {
            LOG.debug("{} could not be removed, which does no harm", file, e);
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
