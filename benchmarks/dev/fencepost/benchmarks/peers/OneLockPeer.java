package dev.fencepost.benchmarks.peers;

import dev.fencepost.Durability;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * SQLite behind one lock: one connection with cached statements. The last seen version is read under the lock too, so
 * that no commit is ever refused.
 */
final class OneLockPeer implements Peer {
    private final Object lock = new Object();
    private final Path file;
    private final int keys;
    private final JdbcWorker only;

    private OneLockPeer(Path file, Connection connection, int keys) throws SQLException {
        this.file = file;
        this.keys = keys;
        this.only = new JdbcWorker(
                new LastSeenVersions(keys), connection, Transactions.sqlite(connection), BenchmarkValues.keys(keys));
    }

    static Peer open(Path folder, Durability durability, int keys) throws SQLException {
        Path file = folder.resolve("plain.db");
        Connection connection = PlainTables.sqlite(file, durability);
        PlainTables.fill(connection, keys);
        return new OneLockPeer(file, connection, keys);
    }

    Connection connection() {
        return only.connection();
    }

    @Override
    public Worker worker() {
        return key -> {
            synchronized (lock) {
                return only.commit(key);
            }
        };
    }

    @Override
    public VerificationTotals tally() throws SQLException {
        return PlainTables.tally(file, keys);
    }

    @Override
    public void close() throws SQLException {
        only.close();
    }
}
