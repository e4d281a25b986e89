package dev.fencepost.benchmarks.peers;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.OptionalLong;

/** A database with plain tables. */
abstract class JdbcPeer extends Peer {
    JdbcPeer(int keys) {
        super(keys);
    }

    /** Opens a separate connection. */
    abstract Connection connect() throws SQLException;

    @Override
    VerificationTotals tally() throws SQLException {
        try (Connection connection = connect()) {
            return PlainTables.tally(connection, keys.length);
        }
    }

    /** Plain JDBC, as a user would write it: a transaction of two statements in a retry loop. */
    class JdbcWorker extends OptimisticWorker {
        final Connection connection;
        private final PreparedStatement update;
        private final PreparedStatement append;
        final PreparedStatement version;

        /** Uses a connection that no other thread uses at the same time. */
        JdbcWorker(Connection connection) throws SQLException {
            this.connection = connection;
            this.update = connection.prepareStatement(PlainTables.UPDATE);
            this.append = connection.prepareStatement(PlainTables.APPEND);
            this.version = connection.prepareStatement(PlainTables.VERSION);
        }

        /** Begins a transaction that will write; by default the first statement does. */
        void begin() throws SQLException {}

        /** Commits and returns when the commit is durable. */
        void commit() throws SQLException {
            connection.commit();
        }

        void rollback() throws SQLException {
            connection.rollback();
        }

        /** Tells whether a failed transaction may succeed when it is repeated. */
        boolean passes(SQLException failure) {
            return false;
        }

        @Override
        OptionalLong attempt(int key, long seen) throws SQLException {
            while (true) {
                begin();
                OptionalLong current;
                try {
                    current = change(keys[key], seen);
                } catch (SQLException e) {
                    rollback(e);
                    if (!passes(e)) {
                        throw e;
                    }
                    continue;
                }
                if (current.isEmpty()) {
                    commit();
                } else {
                    rollback();
                }
                return current;
            }
        }

        private OptionalLong change(String key, long seen) throws SQLException {
            if (PlainTables.update(update, key, seen) == 0) {
                return OptionalLong.of(PlainTables.version(version, key));
            }
            PlainTables.append(append, key, seen + 1);
            return OptionalLong.empty();
        }

        private void rollback(SQLException because) {
            try {
                rollback();
            } catch (SQLException e) {
                because.addSuppressed(e);
            }
        }

        @Override
        public void close() throws SQLException {
            connection.close();
        }
    }
}
