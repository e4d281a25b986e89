package dev.fencepost.benchmarks.peers;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.OptionalLong;
import java.util.function.Predicate;

/** What a user would write by hand: a transaction of two statements, and a loop around it. */
final class JdbcWorker extends OptimisticWorker {
    private final Connection connection;
    private final String[] keys;
    private final Predicate<SQLException> passes;
    private final PreparedStatement update;
    private final PreparedStatement append;
    private final PreparedStatement version;

    /**
     * Over a connection that nobody else uses at the same time.
     *
     * @param passes which failures pass when the transaction is tried again
     */
    JdbcWorker(Seen seen, Connection connection, String[] keys, Predicate<SQLException> passes) throws SQLException {
        super(seen);
        this.connection = connection;
        this.keys = keys;
        this.passes = passes;
        connection.setAutoCommit(false);
        this.update = connection.prepareStatement(PlainTables.UPDATE);
        this.append = connection.prepareStatement(PlainTables.APPEND);
        this.version = connection.prepareStatement(PlainTables.VERSION);
    }

    @Override
    OptionalLong attempt(int key, long seen) throws SQLException {
        while (true) {
            try {
                return attempt(keys[key], seen);
            } catch (SQLException e) {
                connection.rollback();
                if (!passes.test(e)) {
                    throw e;
                }
            }
        }
    }

    private OptionalLong attempt(String key, long seen) throws SQLException {
        if (PlainTables.update(update, key, seen) == 0) {
            long standing = PlainTables.version(version, key);
            connection.rollback();
            return OptionalLong.of(standing);
        }
        PlainTables.append(append, key, seen + 1);
        connection.commit();
        return OptionalLong.empty();
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
