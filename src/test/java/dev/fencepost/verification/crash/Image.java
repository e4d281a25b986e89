package dev.fencepost.verification.crash;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;

/**
 * A copy of a store's file and log, made by the operating system. It is the state after a kill of all processes at that
 * moment. No process may be writing during the copy, and this process must not have the store open.
 *
 * @param history the ID of the store
 * @param newest the sequence of the newest commit
 * @param process the process that made this commit
 * @param ordinal its number among the attempts of that process
 * @param epochs the epochs by key
 */
record Image(Path file, String history, long newest, long process, long ordinal, Map<String, Long> epochs) {
    private static final int MAX_ATTEMPTS = 100;

    /**
     * Copies a store and reads the copy.
     *
     * @throws SQLException if the copy cannot be read
     */
    static Image of(Path store, Path to) throws IOException, SQLException {
        Files.copy(store, to, StandardCopyOption.REPLACE_EXISTING);
        for (String suffix : new String[] {"-wal", "-journal"}) {
            Files.deleteIfExists(beside(to, suffix));
            if (Files.exists(beside(store, suffix))) {
                Files.copy(beside(store, suffix), beside(to, suffix));
            }
        }
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + to);
                Statement statement = connection.createStatement()) {
            return read(to, statement);
        }
    }

    private static Image read(Path to, Statement statement) throws SQLException {
        String history = "";
        try (ResultSet found = statement.executeQuery("SELECT store_id FROM store")) {
            history = found.next() ? found.getString(1) : history;
        }
        Map<String, Long> epochs = new HashMap<>();
        try (ResultSet found = statement.executeQuery("SELECT key, epoch FROM keys WHERE epoch > 0")) {
            while (found.next()) {
                epochs.put(found.getString(1), found.getLong(2));
            }
        }
        try (ResultSet found = statement.executeQuery(
                "SELECT sequence, process, process_commit_number FROM commits ORDER BY sequence DESC LIMIT 1")) {
            return found.next()
                    ? new Image(to, history, found.getLong(1), found.getLong(2), found.getLong(3), epochs)
                    : new Image(to, history, 0, 0, 0, epochs);
        }
    }

    /** Replaces the store by the copy, as an operator does with a shell. */
    static void place(Path copy, Path store) throws IOException {
        for (String suffix : new String[] {"-wal", "-shm", "-journal"}) {
            Files.deleteIfExists(beside(store, suffix));
        }
        Path next = beside(store, ".next");
        Files.copy(copy, next, StandardCopyOption.REPLACE_EXISTING);
        Files.move(next, store, StandardCopyOption.ATOMIC_MOVE);
    }

    /**
     * Overwrites the store in place with SQLite's own restore, while other processes have it open.
     *
     * @throws SQLException if all retries fail
     */
    static void overwrite(Path copy, Path store) throws SQLException {
        for (int attempt = 1; ; attempt++) {
            try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + store);
                    Statement statement = connection.createStatement()) {
                statement.execute("PRAGMA busy_timeout = 5000");
                statement.executeUpdate("restore from '" + copy + "'");
                return;
            } catch (SQLException e) {
                if (attempt == MAX_ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    static Path beside(Path file, String suffix) {
        return file.resolveSibling(file.getFileName() + suffix);
    }
}
