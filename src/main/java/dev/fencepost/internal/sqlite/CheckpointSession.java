package dev.fencepost.internal.sqlite;

import dev.fencepost.FencepostException;
import dev.fencepost.WriteLockTimeoutException;
import java.util.Optional;

/** A connection that checkpoints the WAL into the database file. Used by one thread at a time. */
final class CheckpointSession implements AutoCloseable {
    private final SqliteSession session;
    private final WalSync force;

    CheckpointSession(SqliteSession session, WalSync force) {
        this.session = session;
        this.force = force;
    }

    /**
     * Runs a passive checkpoint: copies the frames that can be copied without making readers or writers wait. SQLite
     * syncs the WAL before and the database file after. After a failed fsync, the WAL is first rewritten.
     *
     * @return the progress; {@link Log#EMPTY} if other connections prevent the checkpoint
     */
    Log move() {
        if (force.isFailed()) {
            mend();
        }
        return checkpoint("PASSIVE").map(Checkpoint::log).orElse(Log.EMPTY);
    }

    /**
     * Runs a restart checkpoint: copies all frames while writers wait, so that the next commit restarts the WAL.
     *
     * @return true if the WAL restarts; false while a long-running reader prevents it
     */
    boolean moveAll() {
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
     * The progress of a checkpoint.
     *
     * @param pages the number of frames in the WAL; -1 while another connection checkpoints
     * @param moved the number of these frames that are in the database file
     */
    record Log(long pages, long moved) {
        static final Log EMPTY = new Log(0, 0);
    }

    /**
     * The result of a checkpoint in SQLite.
     *
     * @param kept whether other connections kept the checkpoint from completing
     */
    private record Checkpoint(boolean kept, Log log) {}
}
