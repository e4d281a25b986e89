package dev.fencepost.benchmarks.peers;

import dev.fencepost.Durability;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import org.sqlite.SQLiteErrorCode;

/** SQLite through plain JDBC: a connection for each thread, SQLite's busy timeout, and a retry loop. */
class SqlitePeer extends JdbcPeer {
    private final Path file;
    private final Durability durability;

    SqlitePeer(Path folder, Durability durability, int keys) throws SQLException {
        super(keys);
        this.file = folder.resolve("plain.db");
        this.durability = durability;
        try (Connection connection = connect()) {
            PlainTables.fill(connection, keys);
        }
    }

    @Override
    final Connection connect() throws SQLException {
        return PlainTables.sqlite(file, durability);
    }

    @Override
    Worker worker() throws SQLException {
        return new SqliteWorker(connect());
    }

    @Override
    public void close() throws SQLException {}

    /**
     * Takes the write lock at the beginning of a transaction. Its statements are separate, because the driver's commit
     * begins the next transaction at once and would keep the lock.
     */
    final class SqliteWorker extends JdbcWorker {
        private final PreparedStatement begin;
        private final PreparedStatement commit;
        private final PreparedStatement rollback;

        SqliteWorker(Connection connection) throws SQLException {
            super(connection);
            this.begin = connection.prepareStatement("BEGIN IMMEDIATE");
            this.commit = connection.prepareStatement("COMMIT");
            this.rollback = connection.prepareStatement("ROLLBACK");
        }

        /** Waits again if other connections held the write lock for longer than the busy timeout. */
        @Override
        void begin() throws SQLException {
            while (true) {
                try {
                    begin.execute();
                    return;
                } catch (SQLException e) {
                    if ((e.getErrorCode() & 0xff) != SQLiteErrorCode.SQLITE_BUSY.code) {
                        throw e;
                    }
                }
            }
        }

        @Override
        void commit() throws SQLException {
            commit.execute();
        }

        @Override
        void rollback() throws SQLException {
            rollback.execute();
        }
    }
}
