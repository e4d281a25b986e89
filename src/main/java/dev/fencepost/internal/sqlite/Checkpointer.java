package dev.fencepost.internal.sqlite;

import dev.fencepost.FencepostException;
import dev.fencepost.internal.sqlite.CheckpointSession.Log;
import dev.fencepost.internal.util.BackgroundThread;
import dev.fencepost.internal.util.Deadline;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checkpoints the WAL in a background thread, so that no commit has to. Frames committed meanwhile stay in the WAL.
 * Under constant writes it would never be empty, and so never restart. If the WAL is long, the remaining frames are
 * therefore moved with the write lock held. Writers wait only for those frames.
 *
 * <p>A long read prevents the WAL from restarting, and each attempt makes writers wait. So the next attempt follows
 * only when the WAL has doubled, or has grown by {@link #MOST_MORE} pages.
 *
 * <p>After a failure, the next checkpoint follows once as much has been committed again.
 */
final class Checkpointer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Checkpointer.class);

    /** The number of pages in the WAL from which a checkpoint is worthwhile. */
    private static final int WORTH_WHILE = 4_000;

    /** The largest growth of the WAL between two attempts to restart it, in pages: 400 MB. */
    private static final long MOST_MORE = 100_000;

    /** The smallest number of pages that a commit writes: of the log and of keys. */
    private static final int LEAST_PAGES = 2;

    private static final Duration READERS_WAIT = Duration.ofMillis(100);
    private static final Duration READERS_LOOK = Duration.ofMillis(5);
    private static final int PAGE_BYTES = 4096;

    private final StoreFile file;
    private final WalSync force;
    private final BackgroundThread background = BackgroundThread.whenAsked("fencepost-checkpointer", this::checkpoint);
    private final CountDownLatch ending = new CountDownLatch(1);
    private @Nullable CheckpointSession session;
    /** The length of the WAL, in pages, when its last restart failed; 0 if it succeeded or was not tried. */
    private long keptAt;

    private boolean closed;
    private int pages;

    Checkpointer(StoreFile file, WalSync force) {
        this.file = file;
        this.force = force;
        // Counts the existing WAL: short-lived processes would each commit too little for a checkpoint.
        this.pages = (int) Math.min(file.logBytes() / PAGE_BYTES, WORTH_WHILE);
    }

    /**
     * Counts the pages of a committed batch, and requests a checkpoint if there are enough. Called by one thread at a
     * time.
     *
     * @param members the number of tasks in the batch
     * @param more the number of pages that the tasks report beyond one each
     * @param characters the number of characters in the values of the batch
     */
    void committed(int members, int more, long characters) {
        pages += (int) Math.min(WORTH_WHILE, LEAST_PAGES + members + more + characters / PAGE_BYTES);
        if (pages >= WORTH_WHILE) {
            pages = 0;
            background.ask();
        }
    }

    /** Runs one checkpoint. */
    synchronized void checkpoint() {
        if (closed) {
            return;
        }
        try {
            // Nothing may be written to a file that was replaced or overwritten.
            file.refuseIfReplaced();
            CheckpointSession open = session;
            if (open == null) {
                open = file.sqlite().openForCheckpoints(force);
                session = open;
            }
            Log log = open.move();
            if (0 < log.pages() && log.pages() < keptAt) {
                // The long read has ended, and another process has restarted the WAL.
                keptAt = 0;
            }
            if (log.pages() >= Math.max(WORTH_WHILE, keptAt + Math.min(keptAt, MOST_MORE))) {
                keptAt = awaitReaders(open, log) && open.moveAll() ? 0 : log.pages();
            }
            // Records the state of the file after the checkpoint.
            file.refuseIfReplaced();
        } catch (FencepostException e) {
            LOG.warn("Checkpoint of {} failed; it is retried later", file.path(), e);
            letGo();
        }
    }

    /**
     * Waits, without blocking writers, for readers of older WAL frames. A restart checkpoint cannot succeed while they
     * are active, so the write lock is only worth taking when they have ended.
     *
     * @return true if no such reader is left; false after {@link #READERS_WAIT} or on close
     */
    private boolean awaitReaders(CheckpointSession open, Log first) {
        Deadline pause = Deadline.after(READERS_WAIT);
        Log log = first;
        while (log.moved() < Math.min(first.pages(), log.pages())) {
            if (pause.over() || pause.sleepJittered(READERS_LOOK, ending, "for readers of '" + file.path() + "'")) {
                return false;
            }
            log = open.move();
        }
        return true;
    }

    private void letGo() {
        CheckpointSession open = session;
        session = null;
        if (open != null) {
            open.close();
        }
    }

    /** Waits for a running checkpoint. Later ones do nothing. */
    @Override
    public void close() {
        background.close();
        ending.countDown();
        synchronized (this) {
            closed = true;
            letGo();
        }
    }
}
