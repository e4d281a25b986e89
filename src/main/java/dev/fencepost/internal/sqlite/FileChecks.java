package dev.fencepost.internal.sqlite;

import dev.fencepost.UnusableStoreException;
import dev.fencepost.UnusableStoreException.Reason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessMode;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Checks a path before SQLite opens it, and refuses unusable files.
 *
 * <p>The checks never open the database file, because this process may already have it open through SQLite. POSIX drops
 * all of a process's locks on a file as soon as the process closes any descriptor of it.
 */
final class FileChecks {
    /**
     * The maximum length of a path, in bytes. SQLite's limit includes the longest suffix that it adds to the path of a
     * database ({@code MAX_PATHNAME} in os_unix.c).
     */
    private static final int MOST_PATH_BYTES = 512 - "-journal".length();

    /**
     * The maximum length of a file name, in bytes. Linux, macOS and Windows limit names to 255 bytes or characters, and
     * the longest suffix counts too.
     */
    private static final int MOST_NAME_BYTES = 255 - "-fsync-failed".length();

    private FileChecks() {}

    /**
     * Returns the path by which SQLite should open the file: absolute, and without symbolic links.
     *
     * @param untrusted whether to accept a file system with unreliable locks
     * @throws UnusableStoreException if the path or its file is unusable
     */
    static Path check(Path file, boolean untrusted) {
        Path absolute = file.toAbsolutePath().normalize();
        refuseLongName(absolute);
        refuseLinkToNothing(absolute);
        try {
            Path real = Files.exists(absolute) ? absolute.toRealPath() : realParent(absolute);
            refuseLongPath(real);
            if (!untrusted) {
                refuseUntrusted(Files.getFileStore(Files.exists(real) ? real : folder(real)), real);
            }
            if (Files.exists(real)) {
                refuseIrregular(real);
            }
            refuseReadOnly(real);
            return real;
        } catch (IOException e) {
            throw refusal(Reason.READ_ONLY, "'" + absolute + "' cannot be examined: " + e.getMessage(), e);
        }
    }

    /**
     * Returns the operating system's identity of the file. It changes when another file takes the path. Empty if the
     * file cannot be examined.
     */
    static Optional<Object> identity(Path file) {
        try {
            Object key = Files.readAttributes(file, java.nio.file.attribute.BasicFileAttributes.class)
                    .fileKey();
            return Optional.of(key == null ? "no identity on this platform" : key);
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /**
     * Returns the attributes for a new file that only its owner can read and write; none if the file system has no
     * POSIX permissions.
     */
    static FileAttribute<?>[] ownerOnly(Path file) {
        boolean posix = file.getFileSystem().supportedFileAttributeViews().contains("posix");
        return posix
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
    }

    static UnusableStoreException refusal(Reason reason, String message, @Nullable Throwable cause) {
        return new UnusableStoreException(reason, message, cause);
    }

    /** Runs an operation that opens or examines a file. A refusal names the file. */
    static <R> R naming(Path file, Supplier<R> opening) {
        try {
            return opening.get();
        } catch (UnusableStoreException e) {
            String message = String.valueOf(e.getMessage());
            if (message.contains(file.toString())) {
                throw e;
            }
            throw refusal(e.reason(), "'" + file + "' cannot be used as a store. " + message, e);
        }
    }

    private static void refuseLongName(Path absolute) {
        Path name = absolute.getFileName();
        int bytes = name == null ? 0 : bytes(name);
        if (bytes > MOST_NAME_BYTES) {
            throw refusal(
                    Reason.PATH_TOO_LONG,
                    "The name '" + name + "' has " + bytes + " bytes of UTF-8; the maximum is " + MOST_NAME_BYTES
                            + ", because the files beside it have longer names. Use a shorter name",
                    null);
        }
    }

    /** Refuses a path that is too long, because SQLite would report only that it cannot open the file. */
    private static void refuseLongPath(Path real) {
        int bytes = bytes(real);
        if (bytes > MOST_PATH_BYTES) {
            throw refusal(
                    Reason.PATH_TOO_LONG,
                    "'" + real + "' has " + bytes + " bytes of UTF-8; SQLite accepts at most " + MOST_PATH_BYTES
                            + ". Use a folder with a shorter path",
                    null);
        }
    }

    private static int bytes(Path path) {
        return path.toString().getBytes(StandardCharsets.UTF_8).length;
    }

    /**
     * Refuses a link without a target. SQLite would create the target, and name the WAL after the target, not after the
     * link.
     */
    private static void refuseLinkToNothing(Path absolute) {
        if (Files.isSymbolicLink(absolute) && !Files.exists(absolute)) {
            throw refusal(
                    Reason.NOT_A_FILE,
                    "'" + absolute
                            + "' is a symbolic link to a missing file. Remove it, or give the path of its target",
                    null);
        }
    }

    private static Path realParent(Path absolute) throws IOException {
        Path parent = folder(absolute);
        if (!Files.isDirectory(parent)) {
            throw refusal(
                    Reason.NO_FOLDER,
                    "The folder '" + parent + "' does not exist. Create it, or use another path",
                    null);
        }
        return parent.toRealPath().resolve(absolute.getFileName());
    }

    private static Path folder(Path file) {
        Path parent = file.getParent();
        if (parent == null) {
            throw refusal(Reason.NOT_A_FILE, "'" + file + "' is not a file. Give the path of a file", null);
        }
        return parent;
    }

    private static void refuseUntrusted(FileStore store, Path file) {
        String type = store.type().toLowerCase(Locale.ROOT);
        if (UntrustedFileSystems.contains(type)) {
            throw refusal(
                    Reason.NETWORK_FILE_SYSTEM,
                    "'" + file + "' is on a file system of type " + type
                            + ", shared with other hosts or virtual machines, whose locks and shared memory are"
                            + " unreliable. Use a local disk or a named volume, or withUntrustedFileSystem(true) if"
                            + " one process at a time opens the file",
                    null);
        }
    }

    private static void refuseIrregular(Path real) throws IOException {
        if (!Files.isRegularFile(real)) {
            throw refusal(Reason.NOT_A_FILE, "'" + real + "' is a folder or a device. Give the path of a file", null);
        }
        if (real.getFileSystem().supportedFileAttributeViews().contains("unix")
                && (Integer) Files.getAttribute(real, "unix:nlink") > 1) {
            throw refusal(
                    Reason.SEVERAL_NAMES,
                    "'" + real
                            + "' has several names (hard links), and SQLite would use a separate WAL for each. Remove"
                            + " all names but one",
                    null);
        }
    }

    private static void refuseReadOnly(Path real) {
        Path folder = folder(real);
        boolean writable = Files.isWritable(folder)
                && Stream.of(real, real.resolveSibling(real.getFileName() + "-wal"), StoreFile.index(real))
                        .allMatch(FileChecks::mayBeWritten);
        if (!writable) {
            throw refusal(
                    Reason.READ_ONLY,
                    "'" + real
                            + "' or its folder is not writable; SQLite needs both even for reading. Grant this user"
                            + " write permission",
                    null);
        }
    }

    /**
     * Tells whether a file can be written, or created if it is missing. It makes one call only, because other processes
     * create and remove the WAL and its index meanwhile.
     */
    private static boolean mayBeWritten(Path file) {
        try {
            file.getFileSystem().provider().checkAccess(file, AccessMode.WRITE);
            return true;
        } catch (NoSuchFileException e) {
            return true;
        } catch (IOException e) {
            // No permission, or a read-only file system.
            return false;
        }
    }
}
