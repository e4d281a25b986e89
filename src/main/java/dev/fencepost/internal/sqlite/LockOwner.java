package dev.fencepost.internal.sqlite;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds the process that holds SQLite's write lock on a file, if the platform tells. Linux lists the locks of all
 * processes, with the inode of the file and the locked bytes. Used only after a wait was too long.
 */
final class LockOwner {
    /** The byte of the WAL index that the write lock covers, by SQLite's WAL-index format. */
    private static final long WRITE_LOCK = 120;

    private static final Path LOCKS = Path.of("/proc/locks");

    /**
     * A line of {@code /proc/locks}: number, kind, mode, access, PID, device and inode of the file, first and last
     * byte.
     */
    private static final Pattern LOCK =
            Pattern.compile("\\d+: POSIX +\\w+ +WRITE (\\d+) [0-9a-f]+:[0-9a-f]+:(\\d+) (\\d+) (\\d+|EOF)");

    /** The line of a process's state. The state follows the name in parentheses. */
    private static final Pattern STATE = Pattern.compile(".*\\) (\\w) .*");

    private LockOwner() {}

    /**
     * Returns the holder of the write lock, as the beginning of a sentence; empty if the platform does not tell.
     *
     * @param index the path of the WAL index
     */
    static Optional<String> of(Path index) {
        try {
            if (!Files.isReadable(LOCKS)) {
                return Optional.empty();
            }
            String number = String.valueOf(Files.getAttribute(index, "unix:ino"));
            return pid(Files.readAllLines(LOCKS), number).map(LockOwner::words);
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
            // The error of the waiter is the same without it, only less precise.
            return Optional.empty();
        }
    }

    /**
     * Returns the PID of the process that holds the write lock, from the lines of a list of locks.
     *
     * @param number the inode of the WAL index
     */
    static Optional<Long> pid(List<String> locks, String number) {
        for (String line : locks) {
            Matcher lock = LOCK.matcher(line);
            if (lock.matches()
                    && lock.group(2).equals(number)
                    && Long.parseLong(lock.group(3)) <= WRITE_LOCK
                    && (lock.group(4).equals("EOF") || Long.parseLong(lock.group(4)) >= WRITE_LOCK)) {
                // The number is 0 if the process is in another PID namespace.
                return Optional.of(Long.parseLong(lock.group(1))).filter(pid -> pid > 0);
            }
        }
        return Optional.empty();
    }

    private static String words(long pid) {
        if (isSelf(pid)) {
            return "This process (" + pid + "), through another connection,";
        }
        return "Process " + pid + name(pid) + (isStopped(pid) ? ", which is stopped," : "");
    }

    /**
     * Tells whether a PID is that of this process in {@code /proc}, which differs from its own if {@code /proc} is of
     * another PID namespace.
     */
    private static boolean isSelf(long pid) {
        try {
            return Files.readSymbolicLink(Path.of("/proc/self")).toString().equals(Long.toString(pid));
        } catch (IOException e) {
            return false;
        }
    }

    private static String name(long pid) {
        try {
            return " (" + Files.readString(Path.of("/proc", "" + pid, "comm")).strip() + ")";
        } catch (IOException e) {
            return "";
        }
    }

    /** Tells whether a signal or a debugger has stopped a process. */
    private static boolean isStopped(long pid) {
        try {
            Matcher state = STATE.matcher(
                    Files.readString(Path.of("/proc", "" + pid, "stat")).strip());
            return state.matches() && "Tt".contains(state.group(1));
        } catch (IOException e) {
            return false;
        }
    }
}
