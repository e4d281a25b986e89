package dev.fencepost.internal.txn;

import dev.fencepost.StoreClosedException;
import dev.fencepost.internal.sql.OpenedFile;
import dev.fencepost.internal.sql.Session;
import dev.fencepost.internal.sql.ValueTables;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.function.Function;

/**
 * Reads that are not served from the cache: each on a connection of a small pool, none of which keeps a transaction open.
 * Safe for use by many threads.
 */
public final class ReadPath implements AutoCloseable {
    private static final int MOST_SESSIONS = 4;

    private final OpenedFile file;
    private final Horizon horizon;
    private final Queue<Session> idle = new ConcurrentLinkedQueue<>();
    /** As many as there may be sessions, so that whoever has one finds an idle session or may open one. */
    private final Semaphore turns = new Semaphore(MOST_SESSIONS);

    private volatile boolean closed;

    public ReadPath(OpenedFile file, Horizon horizon) {
        this.file = file;
        this.horizon = horizon;
    }

    /** Reads through a session that nobody else uses meanwhile. Cannot be interrupted; the flag is kept. */
    public <R> R read(Function<Session, R> reading) {
        turns.acquireUninterruptibly();
        try {
            if (closed) {
                throw new StoreClosedException();
            }
            file.refuseIfReplaced();
            Session session = borrow();
            try {
                return reading.apply(session);
            } finally {
                giveBack(session);
            }
        } finally {
            turns.release();
        }
    }

    /** Where in the order of the store the newest commit is. */
    long lastSequence(ValueTables values) {
        return horizon.look(values::lastSequence);
    }

    private Session borrow() {
        Session session = idle.poll();
        return session == null ? file.sqlite().openForReading() : session;
    }

    /** Looks after adding, not before: otherwise a session could be left behind by a close in between. */
    private void giveBack(Session session) {
        idle.add(session);
        if (closed) {
            closeIdle();
        }
    }

    private void closeIdle() {
        for (Session session = idle.poll(); session != null; session = idle.poll()) {
            session.close();
        }
    }

    /** Does not wait for reads under way; each closes its session behind itself. */
    @Override
    public void close() {
        closed = true;
        closeIdle();
    }
}
