package dev.fencepost.internal.txn;

import dev.fencepost.StoreClosedException;
import dev.fencepost.StoreRefusedException;
import dev.fencepost.internal.sql.OpenedFile;
import dev.fencepost.internal.sql.Session;
import dev.fencepost.internal.sql.ValueTables;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/**
 * Reads that are not served from the cache: each on a connection of a small pool, none of which keeps a transaction open.
 * Safe for use by many threads.
 */
public final class ReadPath implements AutoCloseable {
    private static final int MOST_SESSIONS = 4;
    private static final long LOOK_AGAIN_MILLIS = 100;

    private final OpenedFile file;
    private final Horizon horizon;
    private final BlockingQueue<Session> idle = new ArrayBlockingQueue<>(MOST_SESSIONS);
    private final AtomicInteger opened = new AtomicInteger();
    private volatile boolean closed;

    public ReadPath(OpenedFile file, Horizon horizon) {
        this.file = file;
        this.horizon = horizon;
    }

    /** Reads through a session that nobody else uses meanwhile. */
    public <R> R read(Function<Session, R> reading) {
        refuseClosed();
        try {
            file.refuseIfReplaced();
        } catch (StoreRefusedException e) {
            // SQLite removes the log when the store is closed, which may have happened since the first look.
            refuseClosed();
            throw e;
        }
        Session session = borrow();
        try {
            return reading.apply(session);
        } finally {
            giveBack(session);
        }
    }

    /** Where in the order of the store the newest commit is. */
    long lastSequence(ValueTables values) {
        return horizon.look(values::lastSequence);
    }

    private void refuseClosed() {
        if (closed) {
            throw new StoreClosedException();
        }
    }

    private Session borrow() {
        Session session = idle.poll();
        if (session == null && opened.incrementAndGet() <= MOST_SESSIONS) {
            return openCounted();
        }
        if (session == null) {
            opened.decrementAndGet();
            session = takeUninterruptibly();
        }
        return session;
    }

    private Session openCounted() {
        try {
            return file.sqlite().openForReading();
        } catch (RuntimeException e) {
            opened.decrementAndGet();
            throw e;
        }
    }

    private Session takeUninterruptibly() {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    Session session = idle.poll(LOOK_AGAIN_MILLIS, TimeUnit.MILLISECONDS);
                    if (session != null) {
                        return session;
                    }
                    // Whoever closes takes the sessions away, so waiting for one could last for ever.
                    refuseClosed();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void giveBack(Session session) {
        if (!idle.offer(session)) {
            opened.decrementAndGet();
            session.close();
        }
        // Looked at last: a session that is given back while the store is closed must not stay open.
        if (closed) {
            closeIdle();
        }
    }

    @Override
    public void close() {
        closed = true;
        closeIdle();
    }

    private void closeIdle() {
        for (Session session = idle.poll(); session != null; session = idle.poll()) {
            session.close();
        }
    }
}
