package dev.fencepost.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.sqlite.SQLiteJDBCLoader;
import org.sqlite.util.LibraryLoaderUtil;

/**
 * The native library of SQLite, unpacked once for all processes that this one starts. Otherwise each process would
 * unpack a copy, which takes half of its start, and a killed process would leave its copy behind.
 */
final class SqliteLibrary {
    private static final String NAME = LibraryLoaderUtil.getNativeLibName();
    private static final Path FOLDER = unpack();

    private SqliteLibrary() {}

    /** Returns the options with which a Java virtual machine uses the library. */
    static List<String> options() {
        return List.of("-Dorg.sqlite.lib.path=" + FOLDER, "-Dorg.sqlite.lib.name=" + NAME);
    }

    private static Path unpack() {
        String resource = LibraryLoaderUtil.getNativeLibResourcePath() + "/" + NAME;
        try (InputStream packed = Objects.requireNonNull(SQLiteJDBCLoader.class.getResourceAsStream(resource))) {
            Path folder = Files.createTempDirectory("fencepost-sqlite");
            folder.toFile().deleteOnExit();
            Files.copy(packed, folder.resolve(NAME));
            folder.resolve(NAME).toFile().deleteOnExit();
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
