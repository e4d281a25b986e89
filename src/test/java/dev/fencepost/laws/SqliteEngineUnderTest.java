package dev.fencepost.laws;

import dev.fencepost.StoreConfig;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Objects;
import org.sqlite.SQLiteJDBCLoader;
import org.sqlite.util.LibraryLoaderUtil;

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

    /** Unpacks the driver's library once for all processes. Each would spend half of its start on that. */
    @Override
    public List<String> flags(Path scratch) {
        String name = LibraryLoaderUtil.getNativeLibName();
        Path library = scratch.resolve(name);
        String resource = LibraryLoaderUtil.getNativeLibResourcePath() + "/" + name;
        try (InputStream packed = Objects.requireNonNull(SQLiteJDBCLoader.class.getResourceAsStream(resource))) {
            if (!Files.exists(library)) {
                Files.copy(packed, library);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return List.of("-Dorg.sqlite.lib.path=" + scratch);
    }

    private static Path file(Path folder) {
        return folder.resolve("store.db");
    }
}
