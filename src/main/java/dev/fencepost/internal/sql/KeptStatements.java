package dev.fencepost.internal.sql;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import org.jdbi.v3.core.statement.DefaultStatementBuilder;
import org.jdbi.v3.core.statement.StatementContext;

/**
 * Keeps the prepared statements of one connection, since preparing one again costs more than executing it. There is a
 * fixed number of texts, all in {@link Statements}, so nothing needs to be evicted.
 */
final class KeptStatements extends DefaultStatementBuilder {
    private final Map<String, PreparedStatement> kept = new HashMap<>();

    @Override
    public PreparedStatement create(Connection connection, String sql, StatementContext context) throws SQLException {
        PreparedStatement statement = kept.get(sql);
        if (statement == null) {
            statement = super.create(connection, sql, context);
            kept.put(sql, statement);
        }
        return statement;
    }

    @Override
    public void close(Connection connection, String sql, Statement statement) throws SQLException {
        if (kept.get(sql) == statement) {
            try {
                // The bound values may be large; do not hold them until the statement is used again.
                ((PreparedStatement) statement).clearParameters();
            } catch (SQLException e) {
                // After most errors the driver has finalized the statement, and it would fail for ever.
                kept.remove(sql);
                super.close(connection, sql, statement);
            }
        } else {
            super.close(connection, sql, statement);
        }
    }

    /** Does not use a statement again: one that failed may be stuck in the middle. */
    void forget(String sql) throws SQLException {
        PreparedStatement statement = kept.remove(sql);
        if (statement != null) {
            statement.close();
        }
    }

    @Override
    public void close(Connection connection) {
        // Closing the connection closes its statements.
        kept.clear();
    }
}
