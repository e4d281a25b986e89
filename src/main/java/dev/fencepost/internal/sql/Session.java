package dev.fencepost.internal.sql;

import dev.fencepost.FencepostException;
import dev.fencepost.InvalidInputException;
import dev.fencepost.Page;
import dev.fencepost.ResultTooLargeException;
import java.sql.SQLException;
import java.time.DateTimeException;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jdbi.v3.core.ConnectionException;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.JdbiException;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.result.ResultIterator;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.Update;
import org.jspecify.annotations.Nullable;

/**
 * One connection to the database, through one long-lived Jdbi handle that keeps its statements prepared. Every statement is
 * read to its end before it returns, so it leaves no read transaction open. Not safe for use by many threads: the owner
 * must prevent that.
 */
public abstract class Session implements AutoCloseable {
    private final Handle handle;
    private final StatementCache statements;
    private boolean broken;

    /** Creates a session over a handle that prepares its statements through the given cache. */
    protected Session(Handle handle, StatementCache statements) {
        this.handle = handle;
        this.statements = statements;
    }

    /** Returns the first row, or empty. */
    public <T> Optional<T> first(String sql, RowMapper<T> mapper, @Nullable Object... args) {
        statements.next(args);
        try (Query query = handle.createQuery(sql)) {
            return query.map(mapper).findFirst();
        } catch (JdbiException e) {
            throw failed(e, sql, args);
        } catch (DateTimeException | IllegalArgumentException | ArithmeticException | InvalidInputException e) {
            throw Corruption.unreadable(e);
        }
    }

    /** Returns all rows. */
    public <T> List<T> all(String sql, RowMapper<T> mapper, @Nullable Object... args) {
        statements.next(args);
        try (Query query = handle.createQuery(sql)) {
            return query.map(mapper).list();
        } catch (JdbiException e) {
            throw failed(e, sql, args);
        } catch (DateTimeException | IllegalArgumentException | ArithmeticException e) {
            throw Corruption.unreadable(e);
        }
    }

    /**
     * Returns the first rows of a query, within bounds. The statement ends with {@code LIMIT ?}, for which no argument
     * is given, and its column {@code bytes} is the length of the texts of the row.
     *
     * @throws ResultTooLargeException if the bounds are those of a whole list, and it does not fit
     */
    public <T> Page<T> page(String sql, Bounds bounds, RowMapper<T> mapper, @Nullable Object... args) {
        return PagedRows.read(this, sql, bounds, mapper, args);
    }

    /**
     * Reads rows until one is not taken.
     *
     * @param taker returns false for the last row that is to be read
     */
    public void whileTaken(String sql, RowMapper<Boolean> taker, @Nullable Object... args) {
        statements.next(args);
        try (Query query = handle.createQuery(sql);
                ResultIterator<Boolean> rows = query.map(taker).iterator()) {
            boolean taken = true;
            while (taken && rows.hasNext()) {
                taken = rows.next();
            }
        } catch (JdbiException e) {
            throw failed(e, sql);
        } catch (DateTimeException | IllegalArgumentException | ArithmeticException | InvalidInputException e) {
            throw Corruption.unreadable(e);
        }
    }

    /** Returns the number in the first column of the first row; 0 if there is none, or it is NULL. */
    public long number(String sql, @Nullable Object... args) {
        return first(sql, (rs, ctx) -> rs.getLong(1), args).orElse(0L);
    }

    /** Executes a change and returns the number of rows that it was for. */
    public int change(String sql, @Nullable Object... args) {
        statements.next(args);
        try (Update update = handle.createUpdate(sql)) {
            return update.execute();
        } catch (JdbiException e) {
            throw failed(e, sql, args);
        }
    }

    /** Records where the store is, if it was moved. Must be called inside a write transaction. */
    public abstract void recordPlace();

    /** Returns the number of unused pages in the store. */
    public abstract long freePages();

    /**
     * Gives unused pages back to the system, in time. Does nothing in a store that keeps its pages. Must be called
     * inside a write transaction.
     */
    public abstract void giveBack(int pages);

    /**
     * Executes a statement that cannot be reused: it takes effect as soon as it is prepared, or is not executed to its
     * end.
     */
    public void once(String pragma) {
        change(pragma);
        try {
            statements.forget(pragma);
        } catch (SQLException e) {
            throw failure(new ConnectionException(e), pragma);
        }
    }

    /** Reads from one snapshot: all statements see the same commits. */
    public <R> R inSnapshot(Supplier<R> reading) {
        change("BEGIN");
        try {
            R read = reading.get();
            commit();
            return read;
        } catch (RuntimeException | Error e) {
            rollback(e);
            throw e;
        }
    }

    /** Commits the write transaction. */
    public void commit() {
        change("COMMIT");
    }

    /**
     * Rolls back without hiding the cause: the database may have rolled back by itself, and after an input/output error even
     * this may fail.
     */
    public void rollback(Throwable because) {
        try {
            change("ROLLBACK");
        } catch (RuntimeException e) {
            broken = true;
            because.addSuppressed(e);
        }
    }

    /** Returns whether a rollback failed, so that a transaction may still be open. */
    public boolean isBroken() {
        return broken;
    }

    private FencepostException failed(JdbiException e, String sql, @Nullable Object... args) {
        try {
            statements.forget(sql);
        } catch (SQLException closing) {
            e.addSuppressed(closing);
        }
        return failure(e, sql, args);
    }

    /** Returns the typed error for a failure of a statement with these arguments. */
    protected abstract FencepostException failure(JdbiException e, String sql, @Nullable Object... args);

    @Override
    public void close() {
        handle.close();
    }
}
