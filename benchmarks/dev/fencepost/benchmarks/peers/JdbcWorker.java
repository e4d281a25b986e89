package dev.fencepost.benchmarks.peers;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.OptionalLong;

/** Plain JDBC, as a user would write it: a transaction of two statements in a retry loop. */
final class JdbcWorker extends OptimisticWorker {
    private final Connection connection;
    private final Transactions transactions;
    private final String[] keys;
    private final PreparedStatement update;
    private final PreparedStatement append;
    private final PreparedStatement version;

    /** Uses a connection that no other thread uses at the same time. */
    JdbcWorker(LastSeenVersions seen, Connection connection, Transactions transactions, String[] keys)
            throws SQLException {
        super(seen);
        this.connection = connection;
        this.transactions = transactions;
        this.keys = keys;
        this.update = connection.prepareStatement(PlainTables.UPDATE);
        this.append = connection.prepareStatement(PlainTables.APPEND);
        this.version = connection.prepareStatement(PlainTables.VERSION);
    }

    Connection connection() {
        return connection;
    }

    @Override
    OptionalLong attempt(int key, long seen) throws SQLException {
        while (true) {
            transactions.begin();
            OptionalLong standing;
            try {
                standing = change(keys[key], seen);
            } catch (SQLException e) {
                rollback(e);
                if (!transactions.passes(e)) {
                    throw e;
                }
                continue;
            }
            if (standing.isEmpty()) {
                transactions.commit();
            } else {
                transactions.rollback();
            }
            return standing;
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
            transactions.rollback();
        } catch (SQLException e) {
            because.addSuppressed(e);
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
