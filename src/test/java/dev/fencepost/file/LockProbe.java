package dev.fencepost.file;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/** Another process that tests whether SQLite's write lock is free. A process cannot see its own locks. */
final class LockProbe implements AutoCloseable {
    private final Process process;
    private final BufferedReader answers;
    private final PrintWriter questions;

    LockProbe(Path file) {
        try {
            process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-XX:TieredStopAtLevel=1",
                            "-XX:+UseSerialGC",
                            "-cp",
                            System.getProperty("java.class.path"),
                            LockProbe.class.getName(),
                            file.toString())
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        answers = process.inputReader(StandardCharsets.UTF_8);
        questions = new PrintWriter(process.getOutputStream(), true, StandardCharsets.UTF_8);
    }

    /** Returns {@code free} or {@code locked}; leaves the lock unchanged. */
    String ask() throws IOException {
        questions.println();
        return String.valueOf(answers.readLine());
    }

    @Override
    public void close() {
        questions.close();
        process.onExit().join();
    }

    /** The main method of the probe. */
    public static void main(String[] args) throws IOException {
        BufferedReader questions = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        while (questions.readLine() != null) {
            try (Connection connection = SqlShell.connect(Path.of(args[0]));
                    Statement statement = connection.createStatement()) {
                statement.execute("PRAGMA busy_timeout = 0");
                statement.execute("BEGIN IMMEDIATE");
                statement.execute("ROLLBACK");
                System.out.println("free");
            } catch (SQLException e) {
                System.out.println(String.valueOf(e.getMessage()).contains("SQLITE_BUSY") ? "locked" : e.getMessage());
            }
        }
    }
}
