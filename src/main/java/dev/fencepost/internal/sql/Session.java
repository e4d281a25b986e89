package dev.fencepost.internal.sql;

import dev.fencepost.FencepostException;
import dev.fencepost.InvalidInputException;
import dev.fencepost.Page;
import dev.fencepost.ResultTooLargeException;
import java.nio.file.Path;
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
import org.sqlite.ProgressHandler;
import org.sqlite.SQLiteConnection;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteLimits;
import org.sqlite.core.DB;

/**
 * One connection to the file, through one long-lived Jdbi handle that keeps its statements prepared. Every statement is
 * read to its end before it returns, so it leaves no read transaction open. Not safe for use by many threads: the owner
 * must prevent that.
 */
public final class Session implements AutoCloseable {
    /** The pragma under which SQLite waits for the disk at each commit. */
    static final String FORCED = "PRAGMA synchronous = FULL";

    /** The pragma under which SQLite waits for the disk only at a checkpoint. */
    static final String UNFORCED = "PRAGMA synchronous = NORMAL";

    /** Pages that a backup copies in one step. */
    private static final int PAGES_A_STEP = 256;

    /** Milliseconds that a backup waits if its target is locked. */
    private static final int COPY_PAUSE = 10;

    /** The number of such waits after which a backup fails. */
    private static final int COPY_PAUSES = 100;

    private final Handle handle;
    private final StatementCache statements;
    private final Supplier<Optional<String>> blocker;
    private long maxTextBytes = SqliteConnections.MOST_BYTES;
    private boolean broken;

    /**
     * Creates a session.
     *
     * @param blocker names the holder of the write lock, as far as it is known
     */
    Session(Handle handle, StatementCache statements, Supplier<Optional<String>> blocker) {
        this.handle = handle;
        this.statements = statements;
        this.blocker = blocker;
    }

    /** Returns the first row, or empty. */
    public <T> Optional<T> first(String sql, RowMapper<T> mapper, @Nullable Object... args) {
        statements.next(args);
        try (Query query = handle.createQuery(sql)) {
            return query.map(mapper).findFirst();
        } catch (JdbiException e) {
            throw failure(sql, e, args);
        } catch (DateTimeException | IllegalArgumentException | ArithmeticException | InvalidInputException e) {
            throw SqliteErrors.unreadable(e);
        }
    }

    /** Returns all rows. */
    public <T> List<T> all(String sql, RowMapper<T> mapper, @Nullable Object... args) {
        statements.next(args);
        try (Query query = handle.createQuery(sql)) {
            return query.map(mapper).list();
        } catch (JdbiException e) {
            throw failure(sql, e, args);
        } catch (DateTimeException | IllegalArgumentException | ArithmeticException e) {
            throw SqliteErrors.unreadable(e);
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
    void whileTaken(String sql, RowMapper<Boolean> taker, @Nullable Object... args) {
        statements.next(args);
        try (Query query = handle.createQuery(sql);
                ResultIterator<Boolean> rows = query.map(taker).iterator()) {
            boolean taken = true;
            while (taken && rows.hasNext()) {
                taken = rows.next();
            }
        } catch (JdbiException e) {
            throw failure(sql, e);
        } catch (DateTimeException | IllegalArgumentException | ArithmeticException | InvalidInputException e) {
            throw SqliteErrors.unreadable(e);
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
            throw failure(sql, e, args);
        }
    }

    /**
     * Executes a statement that cannot be reused: it takes effect as soon as it is prepared, or is not executed to its
     * end.
     */
    void once(String pragma) {
        change(pragma);
        try {
            statements.forget(pragma);
        } catch (SQLException e) {
            throw SqliteErrors.translate(new ConnectionException(e));
        }
    }

    /**
     * Copies the database page by page into a file, by SQLite's online backup. The caller holds a read transaction, so
     * commits of other processes meanwhile neither appear in the copy nor restart it.
     *
     * @param target an empty file
     * @param progress gets the number of pages that remain, and of all, after each step
     */
    void copyTo(Path target, DB.ProgressObserver progress) {
        try {
            DB source = handle.getConnection().unwrap(SQLiteConnection.class).getDatabase();
            int code = source.backup(
                    "main", "file:" + target.toUri().getRawPath(), progress, COPY_PAUSE, COPY_PAUSES, PAGES_A_STEP);
            if (code != SQLiteErrorCode.SQLITE_OK.code) {
                throw DB.newSQLException(code, "the copy to '" + target + "' failed");
            }
        } catch (SQLException e) {
            throw SqliteErrors.translate(e, blocker);
        }
    }

    /** Lets a pacer interrupt all later statements for its rests. */
    void pace(Pacer pacer) {
        try {
            ProgressHandler.setHandler(
                    handle.getConnection().unwrap(SQLiteConnection.class), Pacer.INSTRUCTIONS, pacer);
        } catch (SQLException e) {
            throw SqliteErrors.translate(e, blocker);
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

    /** Begins a write transaction, waiting for the write lock. */
    public void begin() {
        change("BEGIN IMMEDIATE");
    }

    /** Commits the write transaction. */
    public void commit() {
        change("COMMIT");
    }

    /**
     * Rolls back without hiding the cause: SQLite may have rolled back by itself, and after an input/output error even
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

    /**
     * Returns whether a COMMIT that failed like this has certainly written nothing: the disk was full, and the log's
     * checksums invalidate a partial commit.
     */
    public static boolean leftNothing(Throwable failure) {
        return SqliteErrors.isFull(failure);
    }

    /** Returns whether a trigger of the schema refused a statement, which has then changed nothing. */
    public static boolean isRefusedByTrigger(Throwable failure) {
        return SqliteErrors.isRefusedByTrigger(failure);
    }

    /** Limits the length of texts that this connection reads or writes, in bytes. SQLite does not load longer ones. */
    void limitTexts(long bytes) {
        try {
            if (handle.getConnection() instanceof SQLiteConnection connection) {
                connection.setLimit(SQLiteLimits.SQLITE_LIMIT_LENGTH, (int) bytes);
            }
        } catch (SQLException e) {
            throw SqliteErrors.translate(new ConnectionException(e));
        }
        maxTextBytes = bytes;
    }

    /** Runs a read that must see all texts, however long, and that does not load them into this process's heap. */
    <R> R withoutLimit(Supplier<R> reading) {
        long limit = maxTextBytes;
        limitTexts(SqliteConnections.MOST_BYTES);
        try {
            return reading.get();
        } finally {
            limitTexts(limit);
        }
    }

    private FencepostException failure(String sql, JdbiException e, @Nullable Object... args) {
        forget(sql, e);
        return SqliteErrors.isTooLong(e)
                ? new LongTexts(this, maxTextBytes).error(sql, args, e)
                : SqliteErrors.translate(e, blocker);
    }

    private void forget(String sql, JdbiException e) {
        try {
            statements.forget(sql);
        } catch (SQLException closing) {
            e.addSuppressed(closing);
        }
    }

    @Override
    public void close() {
        handle.close();
    }
}
