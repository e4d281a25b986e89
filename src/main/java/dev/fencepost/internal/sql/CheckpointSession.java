package dev.fencepost.internal.sql;

/** Moves the write-ahead log into the database file. Used by one thread at a time. */
public final class CheckpointSession implements AutoCloseable {
    private final Session session;

    CheckpointSession(Session session) {
        this.session = session;
    }

    /**
     * Moves what can be moved without keeping anybody waiting. SQLite forces the log before and the database file after.
     *
     * @return how many pages the log had
     */
    public long move() {
        return session.first("PRAGMA wal_checkpoint(PASSIVE)", (rs, ctx) -> rs.getLong(2))
                .orElse(0L);
    }

    /** Moves all, keeping writers waiting meanwhile, so that the log begins anew. Gives up where readers are in the way. */
    public void moveAll() {
        session.all("PRAGMA wal_checkpoint(RESTART)", (rs, ctx) -> rs.getLong(1));
    }

    @Override
    public void close() {
        session.close();
    }
}
