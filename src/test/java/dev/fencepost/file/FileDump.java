package dev.fencepost.file;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** The contents of a file as text, for comparison. */
final class FileDump {
    private FileDump() {}

    /** Returns the schema and every row of every table, in order. */
    static List<String> of(Path file) {
        try (Connection connection = SqlShell.connect(file);
                Statement statement = connection.createStatement()) {
            List<String> dump = rows(statement, "SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY rowid");
            for (String table : rows(statement, "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")) {
                rows(statement, "SELECT * FROM " + table + " ORDER BY 1, 2")
                        .forEach(row -> dump.add(table + ": " + row));
            }
            return dump;
        } catch (SQLException e) {
            throw new AssertionError("the file cannot be dumped", e);
        }
    }

    /** Returns the rows of a query, each as one text. */
    static List<String> query(Path file, String sql) {
        try (Connection connection = SqlShell.connect(file);
                Statement statement = connection.createStatement()) {
            return rows(statement, sql);
        } catch (SQLException e) {
            throw new AssertionError("the query failed: " + sql, e);
        }
    }

    private static List<String> rows(Statement statement, String sql) throws SQLException {
        List<String> rows = new ArrayList<>();
        try (ResultSet found = statement.executeQuery(sql)) {
            int columns = found.getMetaData().getColumnCount();
            while (found.next()) {
                List<String> fields = new ArrayList<>();
                for (int i = 1; i <= columns; i++) {
                    fields.add(String.valueOf(found.getString(i)));
                }
                rows.add(String.join("|", fields));
            }
        }
        return rows;
    }
}
