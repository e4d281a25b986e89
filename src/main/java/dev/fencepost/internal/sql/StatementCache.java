package dev.fencepost.internal.sql;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import org.jdbi.v3.core.statement.DefaultStatementBuilder;
import org.jdbi.v3.core.statement.ParsedParameters;
import org.jdbi.v3.core.statement.ParsedSql;
import org.jdbi.v3.core.statement.SqlParser;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;

/**
 * A cache of the prepared statements of one connection, since preparing one again costs more than executing it. The
 * number of statement texts is fixed, so nothing needs to be evicted.
 *
 * <p>Arguments are bound here, too, by position and as numbers or texts. Jdbi's own binding searches for a way to bind
 * each type anew. For a statement of ten arguments, that costs as much as executing it.
 */
public final class StatementCache extends DefaultStatementBuilder {
    private static final ParsedParameters NONE = ParsedParameters.positional(0);
    private static final @Nullable Object[] NOTHING = {};

    private final Map<String, PreparedStatement> kept = new HashMap<>();
    private @Nullable Object[] arguments = NOTHING;

    /**
     * A parser that leaves statements unchanged: they are written as SQLite reads them, and Jdbi has nothing to bind.
     */
    public static final SqlParser VERBATIM = new SqlParser() {
        @Override
        public ParsedSql parse(String sql, StatementContext context) {
            return ParsedSql.of(sql, NONE);
        }

        @Override
        public String nameParameter(String rawName, StatementContext context) {
            return "?";
        }
    };

    /** Sets the arguments of the next statement. */
    void next(@Nullable Object... args) {
        arguments = args;
    }

    @Override
    public PreparedStatement create(Connection connection, String sql, StatementContext context) throws SQLException {
        PreparedStatement statement = kept.get(sql);
        if (statement == null) {
            statement = super.create(connection, sql, context);
            kept.put(sql, statement);
        }
        bind(statement);
        return statement;
    }

    private void bind(PreparedStatement statement) throws SQLException {
        @Nullable Object[] given = arguments;
        arguments = NOTHING;
        for (int i = 0; i < given.length; i++) {
            Object argument = given[i];
            if (argument instanceof Number number) {
                statement.setLong(i + 1, number.longValue());
            } else {
                statement.setString(i + 1, (String) argument);
            }
        }
    }

    @Override
    public void close(Connection connection, String sql, Statement statement) throws SQLException {
        if (kept.get(sql) == statement) {
            try {
                // The bound values may be large; do not hold them until the statement is used again.
                ((PreparedStatement) statement).clearParameters();
            } catch (SQLException e) {
                // After most errors the driver has finalized the statement, so every later use would fail.
                kept.remove(sql);
                super.close(connection, sql, statement);
            }
        } else {
            super.close(connection, sql, statement);
        }
    }

    /** Removes a statement from the cache: one that failed may be stuck in the middle. */
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
