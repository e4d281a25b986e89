package dev.fencepost.file;

import dev.fencepost.testing.JvmLauncher;
import dev.fencepost.testing.Worker;
import dev.fencepost.testing.WorkerConsole;
import dev.fencepost.testing.WorkerProcess;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * The code of another process that tests whether SQLite's write lock is free. A process cannot see its own locks. Each
 * answer is {@code free} or {@code locked}; the lock stays unchanged.
 */
final class LockProbe implements Worker {
    private final Path file;

    LockProbe(WorkerConsole console) {
        file = Path.of(console.argument(0));
    }

    static WorkerProcess start(Path file) {
        return JvmLauncher.quick().start(LockProbe.class, file.toString()).awaitReady();
    }

    @Override
    public String answer(String... words) {
        try (Connection connection = SqlShell.connect(file);
                Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA busy_timeout = 0");
            statement.execute("BEGIN IMMEDIATE");
            statement.execute("ROLLBACK");
            return "free";
        } catch (SQLException e) {
            return String.valueOf(e.getMessage()).contains("SQLITE_BUSY") ? "locked" : e.getMessage();
        }
    }
}
