package dev.fencepost.internal.commit;

import dev.fencepost.FencepostException;
import dev.fencepost.internal.sql.CheckpointSession;
import dev.fencepost.internal.sql.CheckpointSession.Log;
import dev.fencepost.internal.sql.StoreFile;
import dev.fencepost.internal.sql.WalSync;
import dev.fencepost.internal.util.BackgroundThread;
import dev.fencepost.internal.util.Deadline;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves the log into the database file beside the commits, so that none of them has to. What is committed meanwhile stays
 * behind, and with writers that never rest the log would never be empty and begin anew; so where it is long the little
 * that stayed behind is moved with the write lock held, which keeps writers waiting for that little only.
 *
 * <p>Who reads for long keeps the log from beginning anew, and the attempt keeps writers waiting; so the next one is made
 * only when the log is twice as long, or longer by {@link #MOST_MORE}.
 *
 * <p>Should this fail, it is tried again when as much has been committed again.
 */
final class Checkpointer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Checkpointer.class);

    /** Pages in the log from which it is worth while to move them. */
    private static final int WORTH_WHILE = 4_000;

    /** Pages by which the log grows between two attempts to begin it anew, however long it is: 400 MB. */
    private static final long MOST_MORE = 100_000;

    /** Pages that a commit writes at least: of commits, of keys, of versions and of their index. */
    private static final int LEAST_PAGES = 4;

    private static final Duration READERS_WAIT = Duration.ofMillis(100);
    private static final Duration READERS_LOOK = Duration.ofMillis(5);
    private static final int PAGE_BYTES = 4096;

    private final StoreFile file;
    private final WalSync force;
    private final BackgroundThread background = BackgroundThread.whenAsked("fencepost-checkpointer", this::checkpoint);
    private final CountDownLatch ending = new CountDownLatch(1);
    private @Nullable CheckpointSession session;
    /** How long the log was when it could not begin anew; 0 if it did, or none has been tried. */
    private long keptAt;

    private boolean closed;
    private int pages;

    Checkpointer(StoreFile file, WalSync force) {
        this.file = file;
        this.force = force;
        // Processes that come and go would each commit too little for it to be worth while.
        this.pages = (int) Math.min(file.logBytes() / PAGE_BYTES, WORTH_WHILE);
    }

    /**
     * A batch has been committed. Called by one thread at a time.
     *
     * @param more pages that its members say they have written beyond one each
     * @param characters of the values in it
     */
    void committed(int members, int more, long characters) {
        pages += (int) Math.min(WORTH_WHILE, LEAST_PAGES + members + more + characters / PAGE_BYTES);
        if (pages >= WORTH_WHILE) {
            pages = 0;
            background.ask();
        }
    }

    /** Moves the log once. */
    synchronized void checkpoint() {
        if (closed) {
            return;
        }
        try {
            // A file that was replaced or overwritten is not written on.
            file.refuseIfReplaced();
            CheckpointSession open = session;
            if (open == null) {
                open = file.sqlite().openForCheckpoints(force);
                session = open;
            }
            Log log = open.move();
            if (0 < log.pages() && log.pages() < keptAt) {
                // Whoever kept it is gone, and somebody else has begun it anew.
                keptAt = 0;
            }
            if (log.pages() >= Math.max(WORTH_WHILE, keptAt + Math.min(keptAt, MOST_MORE))) {
                keptAt = awaitReaders(open, log) && open.moveAll() ? 0 : log.pages();
            }
            // Notes the file as the checkpoint left it.
            file.refuseIfReplaced();
        } catch (FencepostException e) {
            LOG.warn("The log of {} could not be moved into it now", file.path(), e);
            letGo();
        }
    }

    /**
     * Waits for those who read what is in the log without the newest of it, as long as nobody has to wait for that: the
     * write lock is only worth taking when they are gone.
     */
    private boolean awaitReaders(CheckpointSession open, Log first) {
        Deadline pause = Deadline.after(READERS_WAIT);
        Log log = first;
        while (log.moved() < Math.min(first.pages(), log.pages())) {
            if (pause.over() || pause.sleepJittered(READERS_LOOK, ending, "for those who read '" + file.path() + "'")) {
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

    /** Waits for what is under way. */
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
