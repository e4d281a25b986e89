package dev.fencepost.verification.crash;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** The rows of the file, read with plain SQL. */
final class Rows implements AutoCloseable {
    /** One version of a key, or one event of a stream; the epoch is 0 if the key was not claimed. */
    record Row(String name, long number, long sequence, long epoch, String agent, String text) {}

    /** A claim on a key that has ended; the end is 0 if the claim is active. */
    record Grant(String key, long epoch, long from, long until, String ending) {}

    private final Connection connection;
    private final Statement statement;

    Rows(Path file) throws SQLException {
        connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        statement = connection.createStatement();
        statement.execute("PRAGMA busy_timeout = 20000");
        statement.execute("PRAGMA query_only = true");
        statement.execute("BEGIN");
    }

    /** Returns all versions, by sequence. */
    List<Row> versions() throws SQLException {
        return rows(
                "SELECT k.key, v.version, v.sequence, coalesce(v.epoch, 0), c.agent, coalesce(v.value, '')"
                        + " FROM versions v JOIN keys k ON k.id = v.key_id JOIN commits c ON c.sequence = v.sequence ORDER BY v.id");
    }

    /** Returns all events, by sequence. */
    List<Row> events() throws SQLException {
        return rows("SELECT h.stream, e.number, e.sequence, 0, c.agent, e.event_id FROM events e"
                + " JOIN streams h ON h.id = e.stream_id JOIN commits c ON c.sequence = e.sequence ORDER BY e.id");
    }

    /** Returns all claims, by key. */
    List<Grant> grants() throws SQLException {
        List<Grant> grants = new ArrayList<>();
        try (ResultSet found = statement.executeQuery(
                "SELECT k.key, e.epoch, g.id, coalesce(g.ended_by_commit, 0),"
                        + " coalesce(g.end_reason, '') FROM claim_keys e JOIN claims g ON g.id = e.claim_id JOIN keys k ON k.id = e.key_id")) {
            while (found.next()) {
                grants.add(new Grant(
                        found.getString(1), found.getLong(2), found.getLong(3), found.getLong(4), found.getString(5)));
            }
        }
        return grants;
    }

    private List<Row> rows(String sql) throws SQLException {
        List<Row> rows = new ArrayList<>();
        try (ResultSet found = statement.executeQuery(sql)) {
            while (found.next()) {
                rows.add(new Row(
                        found.getString(1),
                        found.getLong(2),
                        found.getLong(3),
                        found.getLong(4),
                        found.getString(5),
                        found.getString(6)));
            }
        }
        return rows;
    }

    /** Returns the last sequence. */
    long last() throws SQLException {
        try (ResultSet found = statement.executeQuery("SELECT coalesce(max(sequence), 0) FROM commits")) {
            return found.getLong(1);
        }
    }

    /** Returns the problems that SQLite's integrity check finds. */
    List<String> integrity() throws SQLException {
        List<String> found = new ArrayList<>();
        try (ResultSet said = statement.executeQuery("PRAGMA integrity_check")) {
            while (said.next()) {
                if (!said.getString(1).equals("ok")) {
                    found.add("integrity_check: " + said.getString(1));
                }
            }
        }
        return found;
    }

    @Override
    public void close() throws SQLException {
        statement.close();
        connection.close();
    }
}
