package dev.fencepost.internal.sql;

import dev.fencepost.FencepostException;
import dev.fencepost.WriteLockTimeoutException;
import java.util.Optional;

/** Moves the write-ahead log into the database file. Used by one thread at a time. */
public final class CheckpointSession implements AutoCloseable {
    private final Session session;
    private final WalSync force;

    CheckpointSession(Session session, WalSync force) {
        this.session = session;
        this.force = force;
    }

    /**
     * Moves what can be moved without keeping anybody waiting. SQLite forces the log before and the database file after.
     *
     * @return how the log stands; that it is empty, if others are in the way
     */
    public Log move() {
        if (force.isFailed()) {
            mend();
        }
        return checkpoint("PASSIVE").map(Checkpoint::log).orElse(Log.EMPTY);
    }

    /**
     * Moves all, keeping writers waiting meanwhile, so that the log begins anew.
     *
     * @return whether it does; not while somebody is in the way who has been reading for long
     */
    public boolean moveAll() {
        return checkpoint("RESTART").stream().anyMatch(checkpoint -> !checkpoint.kept());
    }

    private Optional<Checkpoint> checkpoint(String mode) {
        try {
            return session.first(
                    "PRAGMA wal_checkpoint(" + mode + ")",
                    (rs, ctx) -> new Checkpoint(rs.getBoolean(1), new Log(rs.getLong(2), rs.getLong(3))));
        } catch (WriteLockTimeoutException e) {
            return Optional.empty();
        } catch (FencepostException e) {
            force.markFailed();
            throw e;
        }
    }

    private void mend() {
        session.begin();
        try {
            force.rewrite();
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

    /**
     * How far the log has been moved.
     *
     * @param pages that it has; -1 while somebody else moves them
     * @param moved how many of these are in the database file
     */
    public record Log(long pages, long moved) {
        static final Log EMPTY = new Log(0, 0);
    }

    /**
     * What SQLite says of a checkpoint.
     *
     * @param kept whether others kept it from doing all
     */
    private record Checkpoint(boolean kept, Log log) {}
}
