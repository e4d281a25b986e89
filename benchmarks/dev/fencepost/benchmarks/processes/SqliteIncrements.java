package dev.fencepost.benchmarks.processes;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import org.sqlite.BusyHandler;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/**
 * Increments one counter in plain SQLite tables with a history, as a user would write it: take the write lock, read,
 * write, commit. Statements are cached. The log may grow as large as the library's before a checkpoint, so that
 * checkpoints make no difference.
 */
final class SqliteIncrements implements OneKey.Increments {
    /** The setting that is true for a retry every 50 to 200 microseconds instead of SQLite's own busy timeout. */
    static final String PATIENT = "patient";

    private static final String KEY = "counter";

    @Override
    public void create(Path file) throws SQLException {
        try (Connection connection = connect(file);
                Statement statement = connection.createStatement()) {
            statement.execute(
                    "CREATE TABLE latest (key TEXT PRIMARY KEY, version INTEGER NOT NULL, value TEXT NOT NULL)");
            statement.execute("CREATE TABLE past (key TEXT NOT NULL, version INTEGER NOT NULL, value TEXT NOT NULL,"
                    + " PRIMARY KEY (key, version))");
            String zero = NumberedText.of(0, NumberedText.USUAL);
            statement.execute("INSERT INTO latest VALUES ('" + KEY + "', 1, '" + zero + "')");
            statement.execute("INSERT INTO past VALUES ('" + KEY + "', 1, '" + zero + "')");
        }
    }

    @Override
    public Report work(Settings settings, Gate gate) throws Exception {
        Optional<Settings> own = WarmUp.own(settings);
        if (own.isPresent()) {
            create(own.get().file());
            try (Connection connection = connect(own.get().file())) {
                Increment increment = new Increment(connection);
                for (int i = 0; i < WarmUp.TIMES; i++) {
                    increment.run();
                }
            }
        }
        try (Connection connection = connect(settings.file())) {
            if (Boolean.parseBoolean(settings.text(PATIENT))) {
                BusyHandler.setHandler(connection, new Patient());
            }
            Increment increment = new Increment(connection);
            return TimedLoop.run(settings, gate, window -> increment.run());
        }
    }

    @Override
    public void verify(Path file, long acknowledged) throws SQLException {
        try (Connection connection = connect(file);
                Statement statement = connection.createStatement()) {
            try (ResultSet latest = statement.executeQuery("SELECT value FROM latest")) {
                Figures.check("the counter in SQLite", acknowledged, NumberedText.number(latest.getString(1)));
            }
            try (ResultSet past = statement.executeQuery("SELECT count(*) FROM past")) {
                Figures.check("its versions", acknowledged + 1, past.getLong(1));
            }
        }
    }

    private static Connection connect(Path file) throws SQLException {
        Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        try (Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA busy_timeout = " + Settings.LOCK_WAIT.toMillis());
            statement.execute("PRAGMA journal_mode = WAL");
            statement.execute("PRAGMA synchronous = FULL");
            statement.execute("PRAGMA wal_autocheckpoint = 4000");
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
        return connection;
    }

    /** One increment, with cached statements that end with the connection. */
    private static final class Increment {
        private final PreparedStatement begin;
        private final PreparedStatement read;
        private final PreparedStatement write;
        private final PreparedStatement remember;
        private final PreparedStatement commit;

        Increment(Connection connection) throws SQLException {
            begin = connection.prepareStatement("BEGIN IMMEDIATE");
            read = connection.prepareStatement("SELECT version, value FROM latest WHERE key = ?");
            write = connection.prepareStatement("UPDATE latest SET version = ?, value = ? WHERE key = ?");
            remember = connection.prepareStatement("INSERT INTO past VALUES (?, ?, ?)");
            commit = connection.prepareStatement("COMMIT");
        }

        void run() throws SQLException {
            begin();
            long version;
            String value;
            read.setString(1, KEY);
            try (ResultSet row = read.executeQuery()) {
                row.next();
                version = row.getLong(1) + 1;
                value = NumberedText.next(row.getString(2));
            }
            write.setLong(1, version);
            write.setString(2, value);
            write.setString(3, KEY);
            write.executeUpdate();
            remember.setString(1, KEY);
            remember.setLong(2, version);
            remember.setString(3, value);
            remember.executeUpdate();
            commit.execute();
        }

        /** Waits again after SQLite's maximum wait; the latencies include it. */
        private void begin() throws SQLException {
            while (true) {
                try {
                    begin.execute();
                    return;
                } catch (SQLiteException e) {
                    if (e.getResultCode() != SQLiteErrorCode.SQLITE_BUSY) {
                        throw e;
                    }
                }
            }
        }
    }

    /** A busy handler that never gives up. */
    private static final class Patient extends BusyHandler {
        private static final long LEAST = 50_000;
        private static final long MOST = 200_000;

        @Override
        protected int callback(int invocation) {
            LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(LEAST, MOST));
            return 1;
        }
    }
}
