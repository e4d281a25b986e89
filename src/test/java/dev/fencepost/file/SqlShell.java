package dev.fencepost.file;

import dev.fencepost.testing.ExternalProgram;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;

/** A connection to the file with SQL alone: by the sqlite3 program where it is installed, and by JDBC everywhere. */
public enum SqlShell {
    JDBC {
        @Override
        public Optional<String> run(Path file, List<String> statements) {
            try (Connection connection = connect(file);
                    Statement statement = connection.createStatement()) {
                for (String sql : statements) {
                    statement.execute(sql);
                }
                return Optional.empty();
            } catch (SQLException e) {
                return Optional.of(String.valueOf(e.getMessage()));
            }
        }
    },
    SQLITE3 {
        @Override
        public Optional<String> run(Path file, List<String> statements) {
            try {
                Process process = new ProcessBuilder("sqlite3", "-bail", "-batch", file.toString())
                        .redirectErrorStream(true)
                        .start();
                process.getOutputStream()
                        .write((".timeout 5000\n" + String.join(";\n", statements) + ";\n")
                                .getBytes(StandardCharsets.UTF_8));
                process.getOutputStream().close();
                String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                return process.waitFor() == 0 ? Optional.empty() : Optional.of(output);
            } catch (IOException e) {
                throw new AssertionError("sqlite3 could not be run", e);
            } catch (InterruptedException e) {
                throw new AssertionError("interrupted", e);
            }
        }
    };

    /**
     * Executes statements one after the other on one connection.
     *
     * @return the message of the first that failed, after which the connection is closed
     */
    public abstract Optional<String> run(Path file, List<String> statements);

    public Optional<String> run(Path file, String... statements) {
        return run(file, List.of(statements));
    }

    /** Returns the shells of this machine: JDBC always, and sqlite3 if it is installed. */
    public static List<SqlShell> here() {
        return ExternalProgram.succeeds("sqlite3", "--version") ? List.of(JDBC, SQLITE3) : List.of(JDBC);
    }

    public static Connection connect(Path file) throws SQLException {
        return DriverManager.getConnection("jdbc:sqlite:" + file);
    }
}
