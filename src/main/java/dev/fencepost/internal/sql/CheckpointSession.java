package dev.fencepost.internal.sql;

import dev.fencepost.FencepostException;
import dev.fencepost.StoreBusyException;

/** Moves the write-ahead log into the database file. Used by one thread at a time. */
public final class CheckpointSession implements AutoCloseable {
    private final Session session;
    private final LogForce force;

    CheckpointSession(Session session, LogForce force) {
        this.session = session;
        this.force = force;
    }

    /**
     * Moves what can be moved without keeping anybody waiting. SQLite forces the log before and the database file after.
     *
     * @return how many pages the log had
     */
    public long move() {
        if (force.isSuspect()) {
            mend();
        }
        return checkpoint("PASSIVE");
    }

    /** Moves all, keeping writers waiting meanwhile, so that the log begins anew. Gives up where readers are in the way. */
    public void moveAll() {
        checkpoint("RESTART");
    }

    private long checkpoint(String mode) {
        try {
            return session.first("PRAGMA wal_checkpoint(" + mode + ")", (rs, ctx) -> rs.getLong(2))
                    .orElse(0L);
        } catch (StoreBusyException e) {
            return 0;
        } catch (FencepostException e) {
            force.suspect();
            throw e;
        }
    }

    private void mend() {
        session.begin();
        try {
            force.mend();
            session.commit();
        } catch (FencepostException e) {
            session.rollback(e);
            throw e;
        }
    }

    @Override
    public void close() {
        session.close();
    }
}
