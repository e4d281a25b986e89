package dev.fencepost.internal.sqlite;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Detects that this process lost SQLite's locks on a file. POSIX drops all locks of a process on a file, without an
 * error, when the process closes any descriptor of the file. Other processes then recover, truncate and remove files
 * that are still in use.
 *
 * <p>Linux lists the locks in {@code /proc/locks}. Not every file system identifies files there as {@code stat} does,
 * and a container may hide locks. So locks count as lost only after they were seen once. If they are never seen, their
 * loss is not detected.
 *
 * <p>Used by one thread at a time.
 *
 * @see <a href="https://man7.org/linux/man-pages/man5/proc_locks.5.html">proc_locks(5)</a>
 */
final class HeldLocks {
    private static final Path LOCKS = Path.of("/proc/locks");

    /**
     * The maximum number of lines. With more locks in the system, the check costs too much and is disabled for good.
     */
    private static final int MOST_LINES = 500;

    /**
     * The number of looks that must all miss a lock. The system lists locks in several pieces, and skips a lock if an
     * earlier one ends in between.
     */
    private static final int MOST_LOOKS = 8;

    /** The first byte of the range that every connection in WAL mode locks in the database file. SQLite: 'os.h'. */
    private static final long SHARED_FIRST = 0x40000002L;

    /** The byte of the WAL index that every connection locks while it uses the index. SQLite: 'os_unix.c'. */
    private static final long INDEX_IN_USE = 128;

    private static final String RANGE_WITHOUT_END = "EOF";

    private final String pid = Long.toString(ProcessHandle.current().pid());
    private final Path database;
    private final LockList list;
    private List<Held> held = List.of();
    private boolean looked;

    /** The list of all locks in the system. An interface so that tests can leave out lines. */
    @FunctionalInterface
    interface LockList {
        /** Returns the lines of the list. */
        List<String> lines() throws IOException;
    }

    HeldLocks(Path database) {
        this(database, () -> Files.readAllLines(LOCKS));
    }

    HeldLocks(Path database, LockList list) {
        this.database = database;
        this.list = list;
    }

    /** A lock that was seen, on one byte of a file. */
    private record Held(Path file, String inode, long at) {
        static Optional<Held> of(Path file, long at) throws IOException {
            return Files.exists(file)
                    ? Optional.of(new Held(file, ":" + Files.getAttribute(file, "unix:ino"), at))
                    : Optional.empty();
        }

        boolean isIn(List<String[]> locks, String pid) {
            return locks.stream()
                    .anyMatch(lock -> lock[Column.PID].equals(pid)
                            && lock[Column.FILE].endsWith(inode)
                            && Long.parseLong(lock[Column.FIRST]) <= at
                            && (lock[Column.LAST].equals(RANGE_WITHOUT_END)
                                    || at <= Long.parseLong(lock[Column.LAST])));
        }
    }

    /** The columns of {@code /proc/locks}. */
    private static final class Column {
        static final int KIND = 1;
        static final int PID = 4;
        static final int FILE = 5;
        static final int FIRST = 6;
        static final int LAST = 7;
        static final int COUNT = 8;
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
            if (held.isEmpty()) {
                return Optional.empty();
            }
            List<Held> missing = held;
            for (int look = 0; look < MOST_LOOKS && !missing.isEmpty(); look++) {
                List<String[]> locks = locks();
                missing =
                        missing.stream().filter(lock -> !lock.isIn(locks, pid)).toList();
            }
            return missing.stream().map(Held::file).findFirst();
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
            // Another platform, a long list, or an unknown format. A failed check is no sign of a loss.
            held = List.of();
            return Optional.empty();
        }
    }

    private List<Held> seen() throws IOException {
        List<String[]> locks = locks();
        Path index = StoreFile.index(database);
        return List.of(Held.of(database, SHARED_FIRST), Held.of(index, INDEX_IN_USE)).stream()
                .flatMap(Optional::stream)
                .filter(lock -> lock.isIn(locks, pid))
                .toList();
    }

    /**
     * Returns the POSIX locks of all visible processes, as the columns of each line.
     *
     * @throws IOException if they cannot be read, or there are more than {@link #MOST_LINES} lines
     */
    private List<String[]> locks() throws IOException {
        List<String> lines = list.lines();
        if (lines.size() > MOST_LINES) {
            throw new IOException("'" + LOCKS + "' has " + lines.size() + " lines, more than " + MOST_LINES);
        }
        return lines.stream()
                .map(line -> line.split(" +", -1))
                .filter(columns -> columns.length >= Column.COUNT && columns[Column.KIND].equals("POSIX"))
                .toList();
    }
}
