package dev.fencepost.internal.sql;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Who has SQLite's write lock on a file, as far as the system tells: Linux lists the locks of all processes, with the file
 * by its number and the bytes that are locked. Only asked once somebody has waited for too long.
 */
final class LockOwner {
    /** The byte of the log's index whose lock is the right to write, by SQLite's WAL-index format. */
    private static final long WRITE_LOCK = 120;

    private static final Path LOCKS = Path.of("/proc/locks");

    /** Number, kind, manner, access, pid, device and number of the file, first and last byte. */
    private static final Pattern LOCK =
            Pattern.compile("\\d+: POSIX +\\w+ +WRITE (\\d+) [0-9a-f]+:[0-9a-f]+:(\\d+) (\\d+) (\\d+|EOF)");

    /** In the line of a process's state, what comes after its name in brackets. */
    private static final Pattern STATE = Pattern.compile(".*\\) (\\w) .*");

    private LockOwner() {}

    /** Who it is, in words that a sentence can begin with; empty if the system does not say. */
    static Optional<String> of(Path index) {
        try {
            if (!Files.isReadable(LOCKS)) {
                return Optional.empty();
            }
            String number = String.valueOf(Files.getAttribute(index, "unix:ino"));
            return pid(Files.readAllLines(LOCKS), number).map(LockOwner::words);
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
            // The answer to the waiter is the same without it, only less precise.
            return Optional.empty();
        }
    }

    /** The process that has the lock, of the file with this number, among the lines of a list of locks. */
    static Optional<Long> pid(List<String> locks, String number) {
        for (String line : locks) {
            Matcher lock = LOCK.matcher(line);
            if (lock.matches()
                    && lock.group(2).equals(number)
                    && Long.parseLong(lock.group(3)) <= WRITE_LOCK
                    && (lock.group(4).equals("EOF") || Long.parseLong(lock.group(4)) >= WRITE_LOCK)) {
                // Of a process in another pid namespace, the number is 0 and says nothing.
                return Optional.of(Long.parseLong(lock.group(1))).filter(pid -> pid > 0);
            }
        }
        return Optional.empty();
    }

    private static String words(long pid) {
        if (isSelf(pid)) {
            return "This process itself (" + pid + "), through another connection,";
        }
        return "Process " + pid + name(pid) + (isStopped(pid) ? ", which is stopped," : "");
    }

    /** By its number in the process file system, which is another than its own where that is of another pid namespace. */
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

    /** By a signal, or by a debugger. */
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
