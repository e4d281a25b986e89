package dev.fencepost.internal.sqlite;

import dev.fencepost.FencepostException;
import dev.fencepost.internal.sql.Session;
import dev.fencepost.internal.sql.StatementCache;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Optional;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.JdbiException;
import org.jspecify.annotations.Nullable;
import org.sqlite.ProgressHandler;
import org.sqlite.SQLiteConnection;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteLimits;
import org.sqlite.core.DB;

/** A session on a SQLite file. Adds SQLite's own operations and errors. */
final class SqliteSession extends Session {
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

    private final SQLiteConnection connection;
    private final Supplier<Optional<String>> blocker;
    private long maxTextBytes = SqliteConnections.MOST_BYTES;

    /**
     * Creates a session.
     *
     * @param blocker names the holder of the write lock, as far as it is known
     */
    SqliteSession(Handle handle, StatementCache statements, Supplier<Optional<String>> blocker) {
        super(handle, statements);
        this.connection = connection(handle);
        this.blocker = blocker;
    }

    /** Returns a session of this engine, as which it was opened. */
    static SqliteSession of(Session session) {
        return (SqliteSession) session;
    }

    private static SQLiteConnection connection(Handle handle) {
        try {
            return handle.getConnection().unwrap(SQLiteConnection.class);
        } catch (SQLException e) {
            throw SqliteErrors.translate(e);
        }
    }

    /** Begins a write transaction, waiting for the write lock. */
    void begin() {
        change("BEGIN IMMEDIATE");
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
            DB source = connection.getDatabase();
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
            ProgressHandler.setHandler(connection, Pacer.INSTRUCTIONS, pacer);
        } catch (SQLException e) {
            throw SqliteErrors.translate(e, blocker);
        }
    }

    /** Limits the length of texts that this connection reads or writes, in bytes. SQLite does not load longer ones. */
    void limitTexts(long bytes) {
        try {
            connection.setLimit(SQLiteLimits.SQLITE_LIMIT_LENGTH, (int) bytes);
        } catch (SQLException e) {
            throw SqliteErrors.translate(e, blocker);
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

    @Override
    public void recordPlace() {
        StorePlace.note(this);
    }

    @Override
    public long freePages() {
        return number("PRAGMA freelist_count");
    }

    /** The file becomes shorter at the next checkpoint. */
    @Override
    public void giveBack(int pages) {
        // With a number, SQLite gives back one page for each step of the statement, and only the first step is
        // executed.
        for (int i = 0; i < pages; i++) {
            once("PRAGMA incremental_vacuum(1)");
        }
    }

    @Override
    protected FencepostException failure(JdbiException e, String sql, @Nullable Object... args) {
        return SqliteErrors.isTooLong(e)
                ? new LongTexts(this, maxTextBytes).error(sql, args, e)
                : SqliteErrors.translate(e, blocker);
    }
}
