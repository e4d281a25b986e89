package dev.fencepost.internal.sql;

import dev.fencepost.Durability;
import dev.fencepost.FencepostException;
import dev.fencepost.WriteLockTimeoutException;
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
public final class SqliteConnections {
    /** How long the file of the log stays when it begins anew, if it had grown longer. */
    private static final int LOG_BYTES = 64 * 1024 * 1024;

    /**
     * How long a checkpoint may wait for those who read, with the write lock held. A reader may be stopped, or somebody's
     * open transaction at a prompt: no writer may wait for that.
     */
    private static final Duration CHECKPOINT_WAIT = Duration.ofMillis(100);

    private static final int PAGE_CACHE_KIB = 16 * 1024;

    /** The longest text that is ever read or written: a value as long as can be configured, and what goes with it. */
    static final int MOST_BYTES = 513 * 1024 * 1024;

    private static final int MEGABYTE = 1024 * 1024;

    /** The longest statement; those in a file's schema count too. */
    private static final int MOST_SQL_BYTES = 1024 * 1024;

    /** How far triggers may set off triggers; those of the schema stay far below. */
    private static final int MOST_TRIGGER_DEPTH = 50;

    private final Path file;
    private final String uri;
    private final Durability durability;
    private final Duration busyWait;
    private final int maxTextBytes;

    /**
     * A file.
     *
     * @param maxValueBytes the longest value that is read, in bytes; texts of up to a megabyte are read in any case
     */
    /** Opens connections that read and write texts of any length that a store can have. */
    SqliteConnections(Path file, Durability durability, Duration busyWait) {
        this(file, durability, busyWait, MOST_BYTES - MEGABYTE);
    }

    /**
     * Opens connections to one file.
     *
     * @param maxValueBytes the longest text that they read and write, in bytes of UTF-8
     */
    SqliteConnections(Path file, Durability durability, Duration busyWait, int maxValueBytes) {
        this.file = file;
        this.uri = "jdbc:sqlite:file:" + file.toUri().getRawPath();
        this.durability = durability;
        this.busyWait = busyWait;
        this.maxTextBytes = Math.max(maxValueBytes, MEGABYTE);
    }

    /** A connection that may write. */
    Session open() {
        return open(new BusyRetryHandler(busyWait.toNanos()));
    }

    /** The connection through which a store commits. */
    public WriteSession openForCommits(WriterQueue turnstile, WalSync force, FileVerifier verifier) {
        Session session = open(new BusyRetryHandler(busyWait.toNanos(), () -> {
            turnstile.noteContention();
            turnstile.await();
        }));
        // A row is longer than its text, and SQLite limits both.
        session.limitTexts(maxTextBytes + MEGABYTE);
        return new WriteSession(session, turnstile, force, verifier, durability == Durability.POWER_LOSS);
    }

    /** A connection that moves the log into the database file. */
    public CheckpointSession openForCheckpoints(WalSync force) {
        return new CheckpointSession(open(new BusyRetryHandler(CHECKPOINT_WAIT.toNanos())), force);
    }

    private Session open(BusyRetryHandler handler) {
        Session session = connect("", true, handler);
        try {
            // The path may name another file than the one that was examined, and the next step writes.
            StoreOpener.refuseForeign(session);
            writeAhead(session);
            session.change(durability == Durability.POWER_LOSS ? Session.FORCED : Session.UNFORCED);
            // Done beside commits instead; and a commit that does it does not say if the disk fails meanwhile.
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
    public Patience patience() {
        return Patience.of(busyWait);
    }

    /** Switches to write-ahead mode. SQLite does not wait for others who make the same switch, so this does. */
    private void writeAhead(Session session) {
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

    /** A connection that may only read. The file must have been opened for writing before, so that its log exists. */
    public Session openForReading() {
        Session session = connect("", true);
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
     * A connection that creates the schema, before the file is put into write-ahead mode. The file will be able to give
     * back pages one by one, which has to be said before it has any.
     */
    Session openForCreation() {
        Session session = connect("", true);
        try {
            session.change("PRAGMA auto_vacuum = INCREMENTAL");
        } catch (FencepostException e) {
            session.close();
            throw e;
        }
        return session;
    }

    /** A connection that keeps SQLite's exclusive lock from its first transaction on, and waits for the disk as SQLite does. */
    Session openAlone() {
        Session session = connect("", true);
        try {
            session.first("PRAGMA locking_mode = EXCLUSIVE", (rs, ctx) -> rs.getString(1));
        } catch (FencepostException e) {
            session.close();
            throw e;
        }
        return session;
    }

    /** A connection that reads the file with its log, and never moves the log into the file, not even at its end. */
    Session openReadOnly() {
        return connect("", false);
    }

    /** A look at the file as it stands, without its log, its locks, or a trace of having looked. */
    Session peek() {
        return connect("?immutable=1", false);
    }

    /**
     * As {@link #peek}, at a file that has a log. Parts of the log may be in the file already and others not, for as long
     * as somebody reads: the first page may then speak of pages that the file does not have yet, which SQLite would call
     * damage. It does not look for them where the schema may be written, which nobody can on this connection.
     */
    Session peekAtPart() {
        Session session = peek();
        try {
            session.change("PRAGMA writable_schema = ON");
        } catch (FencepostException e) {
            session.close();
            throw e;
        }
        return session;
    }

    /** A database of its own in memory. */
    static Session openInMemory() {
        return connect("jdbc:sqlite::memory:", new SQLiteConfig(), new BusyRetryHandler(0), Optional::empty);
    }

    private Session connect(String parameters, boolean writable) {
        return connect(parameters, writable, new BusyRetryHandler(busyWait.toNanos()));
    }

    private Session connect(String parameters, boolean writable, BusyRetryHandler handler) {
        SQLiteConfig config = new SQLiteConfig();
        // The driver would ask for the last rowid after each INSERT.
        config.setGetGeneratedKeys(false);
        config.setOpenMode(SQLiteOpenMode.OPEN_URI);
        config.setReadOnly(!writable);
        // Last, since a connection that may write would otherwise create a file that is not there.
        config.resetOpenMode(SQLiteOpenMode.CREATE);
        return connect(uri + parameters, config, handler, () -> LockOwner.of(StoreFile.index(file)));
    }

    private static Session connect(
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
        Session session = new Session(handle, statements, blocker);
        try {
            // Functions and virtual tables named by a hostile file's views and triggers must not be run.
            session.change("PRAGMA trusted_schema = OFF");
            // What a page says of itself is looked at when it is read, rather than when it leads astray.
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
