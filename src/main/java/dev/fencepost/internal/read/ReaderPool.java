package dev.fencepost.internal.read;

import dev.fencepost.FencepostException;
import dev.fencepost.StorageException;
import dev.fencepost.StoreClosedException;
import dev.fencepost.UnusableStoreException;
import dev.fencepost.internal.engine.Engine;
import dev.fencepost.internal.sql.Session;
import dev.fencepost.internal.sql.VersionRow;
import dev.fencepost.internal.sql.VersionTables;
import dev.fencepost.internal.sql.VersionTables.LatestVersion;
import dev.fencepost.internal.util.Patience;
import dev.fencepost.internal.util.StackGuard;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.function.Function;

/**
 * A small connection pool for reads that the cache does not serve. No connection keeps a transaction open. Safe for use
 * by many threads.
 */
public final class ReaderPool implements AutoCloseable {
    private static final int MOST_SESSIONS = 4;

    private final Engine engine;
    private final HighWaterMark highWater;
    private final Queue<Session> idle = new ConcurrentLinkedQueue<>();
    private final Semaphore places = new Semaphore(MOST_SESSIONS);
    private volatile boolean closed;

    public ReaderPool(Engine engine, HighWaterMark highWater) {
        this.engine = engine;
        this.highWater = highWater;
    }

    /**
     * Reads from one snapshot, through a session that no other thread uses meanwhile, and verifies that the file has
     * every commit seen so far.
     *
     * @throws UnusableStoreException if the history of the file went back
     */
    public <R> R read(Function<Session, R> reading) {
        return readUnverified(session -> {
            R read = session.inSnapshot(() -> reading.apply(session));
            // Observed after the snapshot, which may lack what other threads have seen since. A key absent from the
            // read
            // may have been deleted last.
            highWater.observe(new VersionTables(session));
            return read;
        });
    }

    /** Reads without verifying the history of the file; the caller verifies it, by {@link #verify} or by a commit. */
    public <R> R readUnverified(Function<Session, R> reading) {
        refuseUnlessServed();
        return readServed(reading);
    }

    /** Refuses a file that does not have every commit seen so far. */
    public void verify() {
        read(session -> true);
    }

    /**
     * Reads without checking the file's place or history: the caller has just checked the place, and verifies the
     * history.
     */
    <R> R readServed(Function<Session, R> reading) {
        StackGuard.ensure();
        places.acquireUninterruptibly();
        try {
            refuseClosed();
            Session kept = idle.poll();
            Patience patience = engine.patience();
            Session session = kept == null ? patience.during(this::opened) : kept;
            try {
                R read = patience.during(() -> reading.apply(session));
                idle.add(session);
                return read;
            } catch (FencepostException e) {
                if (session.isBroken()) {
                    session.close();
                } else {
                    idle.add(session);
                }
                throw orClosed(e);
            } catch (Throwable e) {
                // The session may be in the middle of a statement, and would go on reading an old state of the file.
                session.close();
                throw e;
            } finally {
                if (closed) {
                    closeIdle();
                }
            }
        } finally {
            places.release();
        }
    }

    /** Reads the newest version of a key. The caller has just checked that the file is still in its place. */
    Optional<VersionRow> latest(String key) {
        return readServed(session -> {
            VersionTables values = new VersionTables(session);
            return highWater
                    .observe(values::tip, seen -> values.latest(key, seen), LatestVersion::tip)
                    .row();
        });
    }

    private Session opened() {
        try {
            return engine.openForReading();
        } catch (FencepostException e) {
            throw orClosed(e);
        }
    }

    /** Turns a failure during closing into a refusal: SQLite removes the log then, which is no failure of the file. */
    private FencepostException orClosed(FencepostException e) {
        boolean ofFile = e instanceof StorageException || e instanceof UnusableStoreException;
        if (!closed || !ofFile) {
            return e;
        }
        StoreClosedException closing = new StoreClosedException();
        closing.addSuppressed(e);
        return closing;
    }

    private void refuseUnlessServed() {
        refuseClosed();
        try {
            engine.refuseIfReplaced();
        } catch (UnusableStoreException e) {
            // SQLite removes the log when the store is closed, which may have happened since the first check.
            refuseClosed();
            throw e;
        }
    }

    private void refuseClosed() {
        if (closed) {
            throw new StoreClosedException();
        }
    }

    /** Returns the place of the newest commit in the order of the store. */
    public long lastSequence(VersionTables values) {
        return highWater.observe(values).newest().sequence();
    }

    private void closeIdle() {
        for (Session session = idle.poll(); session != null; session = idle.poll()) {
            session.close();
        }
    }

    /** Refuses later reads. A read that is still running closes its session at its end. */
    @Override
    public void close() {
        closed = true;
        closeIdle();
    }
}
