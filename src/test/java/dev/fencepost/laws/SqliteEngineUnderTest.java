package dev.fencepost.laws;

import dev.fencepost.StoreConfig;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;

/** The engine on a SQLite file. */
public final class SqliteEngineUnderTest implements EngineUnderTest {
    /** Creates the engine. The tests call this by reflection. */
    public SqliteEngineUnderTest() {}

    @Override
    public StoreConfig config(Path folder) {
        return StoreConfig.of(file(folder));
    }

    @Override
    public void atPrompt(Path folder, String sql) {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file(folder));
                Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA busy_timeout = 10000");
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    private static Path file(Path folder) {
        return folder.resolve("store.db");
    }
}
