package dev.fencepost.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/** Copies of stores to be damaged: each is taken for a store in its own place, though the original is still there. */
final class Copies {
    private Copies() {}

    static Path of(Path from, Path to) throws IOException, SQLException {
        Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING);
        try (Connection connection = Prompt.connect(to);
                Statement statement = connection.createStatement()) {
            statement.execute("UPDATE store_place SET path = x''");
        }
        return to;
    }
}
