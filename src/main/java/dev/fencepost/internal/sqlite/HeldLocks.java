package dev.fencepost.internal.sqlite;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Detects that this process lost SQLite's locks on a file. POSIX drops all locks of a process on a file, without an
 * error, when the process closes any descriptor of the file. Other processes then recover, truncate and remove files
 * that are still in use.
 *
 * <p>Linux lists the locks that were taken through a descriptor in {@code /proc/self/fdinfo}. Not every file system
 * lists them. So locks count as lost only after they were seen once. If they are never seen, their loss is not
 * detected. The list of all locks, {@code /proc/locks}, is not used: to read it stops every change of locks in the
 * system, for milliseconds if its processors are busy.
 *
 * <p>Used by one thread at a time.
 *
 * @see <a href="https://man7.org/linux/man-pages/man5/proc_pid_fdinfo.5.html">proc_pid_fdinfo(5)</a>
 */
final class HeldLocks {
    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");
    private static final Path DETAILS = Path.of("/proc/self/fdinfo");

    /**
     * The number of looks that must all miss a lock. The descriptors are listed in several pieces, while other threads
     * open and close some.
     */
    private static final int MOST_LOOKS = 8;

    /** The first byte of the range that every connection in WAL mode locks in the database file. SQLite: 'os.h'. */
    private static final long SHARED_FIRST = 0x40000002L;

    /** The byte of the WAL index that every connection locks while it uses the index. SQLite: 'os_unix.c'. */
    private static final long INDEX_IN_USE = 128;

    private static final String RANGE_WITHOUT_END = "EOF";

    private final Path database;
    private final Details details;
    private List<Held> held = List.of();
    private boolean looked;

    /** The details of one descriptor of this process. An interface so that tests can leave out lines. */
    @FunctionalInterface
    interface Details {
        /**
         * Returns the lines about a descriptor.
         *
         * @throws NoSuchFileException if it is not open
         */
        List<String> of(Path descriptor) throws IOException;
    }

    HeldLocks(Path database) {
        this(database, HeldLocks::lines);
    }

    HeldLocks(Path database, Details details) {
        this.database = database;
        this.details = details;
    }

    static List<String> lines(Path descriptor) throws IOException {
        return Files.readAllLines(DETAILS.resolve(descriptor.getFileName()));
    }

    /** A lock that was seen on one byte of a file, and the descriptor through which it was taken. */
    private record Held(Path file, Object identity, long at, Path descriptor) {}

    /** The columns of a line about a lock. */
    private static final class Column {
        static final int KIND = 2;
        static final int FIRST = 7;
        static final int LAST = 8;
        static final int COUNT = 9;
    }

    /**
     * Returns a file on which this process lost its locks. The first call only records the locks. Must be called while
     * a connection of this process is open.
     *
     * @return empty if there is no such file, or if the platform does not tell
     */
    Optional<Path> lost() {
        try {
            if (!looked) {
                looked = true;
                held = seen();
                return Optional.empty();
            }
            List<Held> still = new ArrayList<>();
            for (Held lock : held) {
                Optional<Held> found = isListed(lock.descriptor(), lock.at())
                        ? Optional.of(lock)
                        : find(lock.file(), lock.identity(), lock.at());
                if (found.isEmpty()) {
                    return Optional.of(lock.file());
                }
                still.add(found.get());
            }
            held = still;
            return Optional.empty();
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
            // Another platform, or an unknown format. A failed check is no sign of a loss.
            held = List.of();
            return Optional.empty();
        }
    }

    private List<Held> seen() throws IOException {
        List<Held> found = new ArrayList<>();
        find(database, identity(database), SHARED_FIRST).ifPresent(found::add);
        Path index = StoreFile.index(database);
        if (Files.exists(index)) {
            find(index, identity(index), INDEX_IN_USE).ifPresent(found::add);
        }
        return found;
    }

    private static Object identity(Path file) throws IOException {
        return List.of(Files.getAttribute(file, "unix:dev"), Files.getAttribute(file, "unix:ino"));
    }

    /** Looks for a lock on a file in all descriptors of this process. */
    private Optional<Held> find(Path file, Object identity, long at) throws IOException {
        for (int look = 0; look < MOST_LOOKS; look++) {
            try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(DESCRIPTORS)) {
                for (Path descriptor : descriptors) {
                    if (isOf(descriptor, identity) && isListed(descriptor, at)) {
                        return Optional.of(new Held(file, identity, at, descriptor));
                    }
                }
            }
        }
        return Optional.empty();
    }

    private static boolean isOf(Path descriptor, Object identity) {
        try {
            return identity(descriptor).equals(identity);
        } catch (IOException e) {
            // It was closed in the meantime, or is none of a file.
            return false;
        }
    }

    /** Returns whether a POSIX lock on a byte was taken through a descriptor. */
    private boolean isListed(Path descriptor, long at) throws IOException {
        try {
            for (String line : details.of(descriptor)) {
                if (line.startsWith("lock:") && includes(line.split("\\s+", -1), at)) {
                    return true;
                }
            }
            return false;
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    private static boolean includes(String[] lock, long at) {
        return lock.length >= Column.COUNT
                && lock[Column.KIND].equals("POSIX")
                && Long.parseLong(lock[Column.FIRST]) <= at
                && (lock[Column.LAST].equals(RANGE_WITHOUT_END) || at <= Long.parseLong(lock[Column.LAST]));
    }
}
