package dev.fencepost.internal.sqlite;

import dev.fencepost.FencepostException;
import dev.fencepost.StorageException;
import dev.fencepost.UnusableStoreException;
import dev.fencepost.UnusableStoreException.Reason;
import java.io.IOException;
import java.lang.module.ModuleDescriptor.Version;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Properties;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.sqlite.JDBC;
import org.sqlite.SQLiteJDBCLoader;

/**
 * Checks the libraries that this one needs, before a file is created or opened. An application may bring other versions
 * than those that this library was built with. Safe for use by many threads.
 */
public final class Dependencies {
    /**
     * The oldest supported version of SQLite. Older versions can lose commits and damage the file when two connections
     * write and checkpoint at the same time. Processes that share a store do so. (SQLite: 'Write-Ahead Logging',
     * section 'The WAL-Reset Bug', in all versions from 3.7.0 to 3.51.2.)
     */
    static final String LEAST_SQLITE = "3.51.3";

    private static final String NEEDED =
            "Fencepost needs sqlite-jdbc 3.51.3, Jdbi 3.30, Caffeine 2.9 and SLF4J 1.7, or newer";

    /** A number of file descriptors that is greater than loading a library needs at a time. */
    private static final int DESCRIPTORS = 8;

    private static boolean fit;

    private Dependencies() {}

    /**
     * Loads SQLite's native library, and tries the driver and Jdbi with a database in memory. Does nothing after the
     * first success in the process.
     *
     * @throws UnusableStoreException if the native library cannot be loaded, or a library is too old
     * @throws StorageException if this process has no file descriptors left
     */
    static synchronized void check() {
        if (fit) {
            return;
        }
        loadNativeLibrary();
        try {
            refuseOldSqlite(sqliteVersion());
            SqliteConnections.openInMemory().close();
        } catch (LinkageError e) {
            throw translate(e);
        }
        fit = true;
    }

    private static void loadNativeLibrary() {
        try {
            SQLiteJDBCLoader.initialize();
        } catch (Exception | LinkageError e) {
            if (lacksDescriptors()) {
                throw tooManyOpenFiles(e);
            }
            throw FileChecks.refusal(
                    Reason.NATIVE_LIBRARY,
                    "SQLite's native library cannot be loaded: " + reason(e) + ". The driver extracts it to '"
                            + folder()
                            + "', which " + fault()
                            + ". Start Java with -Dorg.sqlite.tmpdir=FOLDER, a folder in which this user can write and"
                            + " execute files",
                    e);
        }
    }

    private static Path folder() {
        return Path.of(System.getProperty("org.sqlite.tmpdir", System.getProperty("java.io.tmpdir", "")))
                .toAbsolutePath();
    }

    private static String fault() {
        if (!Files.isDirectory(folder())) {
            return "does not exist";
        }
        return Files.isWritable(folder()) ? "may be full, or mounted with noexec" : "cannot be written";
    }

    static void refuseOldSqlite(String version) {
        if (Version.parse(version).compareTo(Version.parse(LEAST_SQLITE)) < 0) {
            throw FileChecks.refusal(
                    Reason.DEPENDENCY,
                    "The driver" + origin(JDBC.class) + " has SQLite " + version + "; at least " + LEAST_SQLITE
                            + " is needed, since older ones can lose commits. Use org.xerial:sqlite-jdbc "
                            + LEAST_SQLITE
                            + " or newer",
                    null);
        }
    }

    private static String sqliteVersion() {
        try (Connection memory = JDBC.createConnection("jdbc:sqlite::memory:", new Properties())) {
            return memory.getMetaData().getDatabaseProductVersion();
        } catch (SQLException e) {
            throw new StorageException("SQLite cannot open a database in memory: " + e.getMessage(), e);
        }
    }

    /**
     * Returns the typed error for a class or method that is missing or cannot be loaded. Either a library is too old,
     * or no file descriptor is left to open it.
     */
    public static FencepostException translate(LinkageError e) {
        if (lacksDescriptors()) {
            return tooManyOpenFiles(e);
        }
        return FileChecks.refusal(
                Reason.DEPENDENCY,
                "A library is incompatible: " + reason(e) + ". " + NEEDED + "; found " + found()
                        + ". Correct the versions on the class path or module path",
                e);
    }

    private static StorageException tooManyOpenFiles(Throwable e) {
        return new StorageException(
                "This process has too many open files to load SQLite's library: " + reason(e)
                        + ". Raise the limit ('ulimit -n') to at least 64 more than the application needs, and restart",
                e);
    }

    private static String reason(Throwable e) {
        Throwable cause = e;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause.toString();
    }

    /**
     * Tells whether too few file descriptors are left. It opens some, because their number cannot be read without
     * opening one.
     */
    @SuppressWarnings("StreamResourceLeak") // All of them are closed at the end.
    private static boolean lacksDescriptors() {
        Deque<DirectoryStream<Path>> open = new ArrayDeque<>();
        try {
            while (open.size() < DESCRIPTORS) {
                open.push(Files.newDirectoryStream(Path.of("/")));
            }
            return false;
        } catch (IOException e) {
            return String.valueOf(e.getMessage()).contains("Too many open files");
        } finally {
            open.forEach(Dependencies::close);
        }
    }

    private static void close(DirectoryStream<Path> open) {
        try {
            open.close();
        } catch (IOException e) {
            throw new StorageException("A folder cannot be closed: " + e.getMessage(), e);
        }
    }

    private static String found() {
        return Stream.of(
                        "org.sqlite.JDBC",
                        "org.jdbi.v3.core.Jdbi",
                        "com.github.benmanes.caffeine.cache.Cache",
                        "org.slf4j.Logger")
                .map(Dependencies::found)
                .collect(Collectors.joining(", "));
    }

    private static String found(String name) {
        try {
            Class<?> type = Class.forName(name, false, Dependencies.class.getClassLoader());
            return type.getSimpleName() + origin(type);
        } catch (ClassNotFoundException | LinkageError e) {
            return "no " + name;
        }
    }

    private static String origin(Class<?> type) {
        @Nullable CodeSource source = type.getProtectionDomain().getCodeSource();
        return source == null || source.getLocation() == null ? "" : " of " + source.getLocation();
    }
}
