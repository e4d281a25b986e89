package dev.fencepost.file;

import dev.fencepost.testing.ExternalProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/** Copies of stores that tests damage. Each opens as a store in its own place, although the original still exists. */
final class Copies {
    private Copies() {}

    static Path of(Path from, Path to) throws IOException, SQLException {
        Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING);
        try (Connection connection = SqlShell.connect(to);
                Statement statement = connection.createStatement()) {
            statement.execute("UPDATE store_place SET path = x''");
        }
        return to;
    }

    /** Copies a file that this process has open, in a separate process: otherwise this process would lose its locks. */
    static void outside(Path from, Path to) {
        ExternalProgram.output("cp", from.toString(), to.toString());
    }
}
