package dev.fencepost.benchmarks.peers;

import dev.fencepost.Durability;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/**
 * The tables that a user would create for this task: the current values and their history. All databases have the same
 * tables and statements.
 */
final class PlainTables {
    static final List<String> TABLES = List.of(
            "CREATE TABLE keys (key VARCHAR(512) PRIMARY KEY, value VARCHAR(4000) NOT NULL, version BIGINT NOT NULL,"
                    + " epoch BIGINT NOT NULL)",
            "CREATE TABLE history (key VARCHAR(512) NOT NULL, version BIGINT NOT NULL, epoch BIGINT NOT NULL,"
                    + " value VARCHAR(4000) NOT NULL, agent VARCHAR(128) NOT NULL, committed_at BIGINT NOT NULL,"
                    + " PRIMARY KEY (key, version))");
    static final String INSERT = "INSERT INTO keys (key, value, version, epoch) VALUES (?, ?, 1, 0)";
    static final String UPDATE =
            "UPDATE keys SET value = ?, version = version + 1 WHERE key = ? AND version = ? AND epoch = ?";
    static final String APPEND =
            "INSERT INTO history (key, version, epoch, value, agent, committed_at)" + " VALUES (?, ?, ?, ?, ?, ?)";
    static final String VERSION = "SELECT version FROM keys WHERE key = ?";

    /** The epoch of every key: there are no claims, but every commit checks that. */
    static final long EPOCH = 0;

    private static final String TALLY = "SELECT (SELECT sum(version) FROM keys), (SELECT count(*) FROM history),"
            + " (SELECT count(*) FROM history WHERE CAST(substr(value, 1, " + BenchmarkValues.DIGITS
            + ") AS BIGINT) <> version + "
            + BenchmarkValues.BASE + ")";

    private PlainTables() {}

    /**
     * Opens a connection to a SQLite file with Fencepost's settings, so that the comparison is not about tuning. SQLite
     * itself waits for the write lock.
     */
    static Connection sqlite(Path file, Durability durability) throws SQLException {
        Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        try (Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA busy_timeout = 10000");
            statement.execute("PRAGMA journal_mode = WAL");
            statement.execute("PRAGMA synchronous = " + (durability == Durability.POWER_LOSS ? "FULL" : "NORMAL"));
            statement.execute("PRAGMA wal_autocheckpoint = 4000");
            statement.execute("PRAGMA cache_size = -16384");
        }
        return connection;
    }

    /** Creates the tables, and gives each key version 1. Leaves the connection without a transaction. */
    static void fill(Connection connection, int keys) throws SQLException {
        connection.setAutoCommit(false);
        try (Statement create = connection.createStatement()) {
            for (String table : TABLES) {
                create.execute(table);
            }
        }
        try (PreparedStatement insert = connection.prepareStatement(INSERT);
                PreparedStatement append = connection.prepareStatement(APPEND)) {
            for (String key : BenchmarkValues.keys(keys)) {
                insert.setString(1, key);
                insert.setString(2, BenchmarkValues.of(1));
                insert.executeUpdate();
                append(append, key, 1);
            }
        }
        connection.commit();
        connection.setAutoCommit(true);
    }

    /** Replaces a value if the version and the epoch are unchanged; returns the number of changed rows. */
    static int update(PreparedStatement update, String key, long version) throws SQLException {
        update.setString(1, BenchmarkValues.of(version + 1));
        update.setString(2, key);
        update.setLong(3, version);
        update.setLong(4, EPOCH);
        return update.executeUpdate();
    }

    /** Appends a version to the history. */
    static void append(PreparedStatement append, String key, long version) throws SQLException {
        append.setString(1, key);
        append.setLong(2, version);
        append.setLong(3, EPOCH);
        append.setString(4, BenchmarkValues.of(version));
        append.setString(5, BenchmarkValues.WRITER);
        append.setLong(6, System.currentTimeMillis());
        append.executeUpdate();
    }

    /** Returns the current version of a key. */
    static long version(PreparedStatement select, String key) throws SQLException {
        select.setString(1, key);
        try (ResultSet row = select.executeQuery()) {
            row.next();
            return row.getLong(1);
        }
    }

    /**
     * Counts the versions in a SQLite file. It may be a plain one or Fencepost's, whose table and view have the same
     * names.
     */
    static VerificationTotals tally(Path file, int keys) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file)) {
            return tally(connection, keys);
        }
    }

    /** Counts the versions in a database. */
    static VerificationTotals tally(Connection connection, int keys) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(TALLY)) {
            row.next();
            return new VerificationTotals(row.getLong(1) - keys, row.getLong(2) - keys, row.getLong(3));
        }
    }
}
