package dev.fencepost.internal.sqlite;

import dev.fencepost.Durability;
import dev.fencepost.FencepostException;
import dev.fencepost.WriteLockTimeoutException;
import dev.fencepost.internal.sql.StatementCache;
import dev.fencepost.internal.util.Patience;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.SqlStatements;
import org.jdbi.v3.core.statement.TemplateEngine;
import org.sqlite.BusyHandler;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConnection;
import org.sqlite.SQLiteLimits;
import org.sqlite.SQLiteOpenMode;

/** Opens connections to one file, all alike. Safe for use by many threads. */
final class SqliteConnections {
    /** The size in bytes to which a longer log file is cut when the log restarts. */
    private static final int LOG_BYTES = 64 * 1024 * 1024;

    /**
     * The longest time that a checkpoint waits for readers with the write lock held. A reader may be a stopped process,
     * or a transaction left open at a SQL prompt. No writer may wait for that.
     */
    private static final Duration CHECKPOINT_WAIT = Duration.ofMillis(100);

    private static final int PAGE_CACHE_KIB = 16 * 1024;

    /**
     * The longest text that is read or written, in bytes: the longest value that can be configured, and its overhead.
     */
    static final int MOST_BYTES = 513 * 1024 * 1024;

    private static final int MEGABYTE = 1024 * 1024;

    /** The longest statement, in bytes; statements in a file's schema count too. */
    private static final int MOST_SQL_BYTES = 1024 * 1024;

    /** The deepest nesting of triggers; the schema's triggers stay far below. */
    private static final int MOST_TRIGGER_DEPTH = 50;

    private final Path file;
    private final String uri;
    private final Durability durability;
    private final Duration busyWait;
    private final int maxTextBytes;

    /** Opens connections that read and write texts of any length that a store can have. */
    SqliteConnections(Path file, Durability durability, Duration busyWait) {
        this(file, durability, busyWait, MOST_BYTES - MEGABYTE);
    }

    /**
     * Opens connections to one file.
     *
     * @param maxValueBytes the longest text that they read and write, in bytes of UTF-8; up to a megabyte is always
     *     allowed
     */
    SqliteConnections(Path file, Durability durability, Duration busyWait, int maxValueBytes) {
        this.file = file;
        this.uri = "jdbc:sqlite:file:" + file.toUri().getRawPath();
        this.durability = durability;
        this.busyWait = busyWait;
        this.maxTextBytes = Math.max(maxValueBytes, MEGABYTE);
    }

    /** Opens a connection that may write. */
    SqliteSession open() {
        return open(new BusyRetryHandler(busyWait.toNanos()));
    }

    /** Opens the connection through which a store commits. */
    WriteSession openForCommits(WriterQueue writerQueue, WalSync force, FileVerifier verifier) {
        SqliteSession session = open(new BusyRetryHandler(busyWait.toNanos(), () -> {
            writerQueue.noteContention();
            writerQueue.await();
        }));
        // A row is longer than its text, and SQLite limits both.
        session.limitTexts(maxTextBytes + MEGABYTE);
        return new WriteSession(session, writerQueue, force, verifier, durability == Durability.POWER_LOSS);
    }

    /** Opens a connection that executes checkpoints. */
    CheckpointSession openForCheckpoints(WalSync force) {
        return new CheckpointSession(open(new BusyRetryHandler(CHECKPOINT_WAIT.toNanos())), force);
    }

    private SqliteSession open(BusyRetryHandler handler) {
        SqliteSession session = connect("", true, handler);
        try {
            // The path may name another file than the one that was examined, and the next step writes.
            StoreOpener.refuseForeign(session);
            writeAhead(session);
            session.change(durability == Durability.POWER_LOSS ? SqliteSession.FORCED : SqliteSession.UNFORCED);
            // Checkpoints run apart from commits. A commit that ran one would not report a failure of the disk in it.
            session.first("PRAGMA wal_autocheckpoint = 0", (rs, ctx) -> rs.getLong(1));
            session.first("PRAGMA journal_size_limit = " + LOG_BYTES, (rs, ctx) -> rs.getLong(1));
            session.change("PRAGMA cache_size = -" + PAGE_CACHE_KIB);
        } catch (FencepostException e) {
            session.close();
            throw e;
        }
        return session;
    }

    /** Returns the deadline of an operation on the file that begins now. */
    Patience patience() {
        return Patience.of(busyWait);
    }

    /** Switches to WAL mode. SQLite does not wait for other connections that make the same switch, so this does. */
    private void writeAhead(SqliteSession session) {
        Patience patience = patience();
        while (true) {
            try {
                patience.during(() -> session.first("PRAGMA journal_mode = WAL", (rs, ctx) -> rs.getString(1)));
                return;
            } catch (WriteLockTimeoutException e) {
                if (patience.isOver()) {
                    throw e;
                }
                BusyRetryHandler.park();
            }
        }
    }

    /**
     * Opens a connection that may only read. The file must have been opened for writing before, so that its log exists.
     */
    SqliteSession openForReading() {
        SqliteSession session = connect("", true);
        try {
            session.change("PRAGMA query_only = ON");
            session.limitTexts(maxTextBytes);
        } catch (FencepostException e) {
            session.close();
            throw e;
        }
        return session;
    }

    /**
     * Opens a connection that creates the schema, before the file is put into WAL mode. It sets incremental vacuum,
     * which must be set before the file has any pages.
     */
    SqliteSession openForCreation() {
        SqliteSession session = connect("", true);
        try {
            session.change("PRAGMA auto_vacuum = INCREMENTAL");
        } catch (FencepostException e) {
            session.close();
            throw e;
        }
        return session;
    }

    /**
     * Opens a connection that keeps SQLite's exclusive lock from its first transaction on. SQLite forces its commits to
     * the disk.
     */
    SqliteSession openAlone() {
        SqliteSession session = connect("", true);
        try {
            session.first("PRAGMA locking_mode = EXCLUSIVE", (rs, ctx) -> rs.getString(1));
        } catch (FencepostException e) {
            session.close();
            throw e;
        }
        return session;
    }

    /** Opens a connection that reads the file with its log. It never runs a checkpoint, not even when it closes. */
    SqliteSession openReadOnly() {
        return connect("", false);
    }

    /** Opens a connection that reads the file without its log. It takes no locks and leaves no trace. */
    SqliteSession peek() {
        return connect("?immutable=1", false);
    }

    /**
     * Opens a connection that reads a file without its log, while a log exists; see {@link #peek}. While there are
     * readers, the file may have only some pages of the log. Its first page may then refer to pages that the file does
     * not have yet, and SQLite would report damage. SQLite does not look for them if the schema is writable. On this
     * connection nothing is.
     */
    SqliteSession peekAtPart() {
        SqliteSession session = peek();
        try {
            session.change("PRAGMA writable_schema = ON");
        } catch (FencepostException e) {
            session.close();
            throw e;
        }
        return session;
    }

    /** Opens a new database in memory. */
    static SqliteSession openInMemory() {
        return connect("jdbc:sqlite::memory:", new SQLiteConfig(), new BusyRetryHandler(0), Optional::empty);
    }

    private SqliteSession connect(String parameters, boolean writable) {
        return connect(parameters, writable, new BusyRetryHandler(busyWait.toNanos()));
    }

    private SqliteSession connect(String parameters, boolean writable, BusyRetryHandler handler) {
        SQLiteConfig config = new SQLiteConfig();
        // The driver would ask for the last rowid after each INSERT.
        config.setGetGeneratedKeys(false);
        config.setOpenMode(SQLiteOpenMode.OPEN_URI);
        config.setReadOnly(!writable);
        // Set last, since a connection that may write would otherwise create a missing file.
        config.resetOpenMode(SQLiteOpenMode.CREATE);
        return connect(uri + parameters, config, handler, () -> LockOwner.of(StoreFile.index(file)));
    }

    private static SqliteSession connect(
            String url, SQLiteConfig config, BusyRetryHandler handler, Supplier<Optional<String>> blocker) {
        Jdbi jdbi = Jdbi.create(() -> openConnection(url, config, handler));
        StatementCache statements = new StatementCache();
        jdbi.setStatementBuilderFactory(connection -> statements);
        jdbi.getConfig(SqlStatements.class)
                .setSqlParser(StatementCache.VERBATIM)
                .setTemplateEngine(TemplateEngine.NOP)
                .setUnusedBindingAllowed(true);
        Handle handle;
        try {
            handle = jdbi.open();
        } catch (RuntimeException e) {
            throw SqliteErrors.translate(e);
        }
        SqliteSession session = new SqliteSession(handle, statements, blocker);
        try {
            // Functions and virtual tables named by a hostile file's views and triggers must not be run.
            session.change("PRAGMA trusted_schema = OFF");
            // Makes SQLite check the content of a page when it reads the page, before the page can mislead it.
            session.change("PRAGMA cell_size_check = ON");
        } catch (FencepostException e) {
            session.close();
            throw e;
        }
        return session;
    }

    private static Connection openConnection(String url, SQLiteConfig config, BusyRetryHandler handler)
            throws SQLException {
        Connection connection = config.createConnection(url);
        BusyHandler.setHandler(connection, handler);
        if (connection instanceof SQLiteConnection limited) {
            limited.setLimit(SQLiteLimits.SQLITE_LIMIT_LENGTH, MOST_BYTES);
            limited.setLimit(SQLiteLimits.SQLITE_LIMIT_SQL_LENGTH, MOST_SQL_BYTES);
            limited.setLimit(SQLiteLimits.SQLITE_LIMIT_TRIGGER_DEPTH, MOST_TRIGGER_DEPTH);
            limited.setLimit(SQLiteLimits.SQLITE_LIMIT_ATTACHED, 0);
        }
        return connection;
    }
}
