package dev.fencepost.internal.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Linux's process file system, which describes processes by their pids. A container can have another one than its
 * processes, can hide processes in it, or can lack it. So each answer says how far it can be trusted. Safe for use by
 * many threads.
 *
 * @see <a href="https://man7.org/linux/man-pages/man5/proc.5.html">proc(5)</a>
 */
final class ProcFileSystem {
    /** The value for a namespace that cannot be read. Never comparable. */
    static final String UNKNOWN = "unknown";

    /** The value for the only time namespace of a kernel without time namespaces, before Linux 5.6. */
    static final String NO_TIME_NAMESPACES = "none";

    private static final int STATE_FIELD = 0;
    private static final int THREADS_FIELD = 17;
    private static final int START_FIELD = 19;
    private static final int MOUNT_POINT_FIELD = 4;
    private static final String SUPER_OPTIONS = " - ";

    /** Values of the mount option {@code hidepid} under which the folder of every process can be seen. */
    private static final Set<String> ALL_VISIBLE = Set.of("0", "off", "1", "noaccess");

    private final Path root;

    ProcFileSystem(Path root) {
        this.root = root;
    }

    /** The state of a process, as far as the file system tells. */
    enum State {
        /** There is no such process, or it is not visible. */
        ABSENT,
        /** It has ended, and its parent has not asked for its exit code. */
        ENDED,
        RUNNING,
        /** The file system does not tell. */
        UNKNOWN
    }

    /**
     * A process, as the file system shows it.
     *
     * @param started start time in clock ticks of this process's time namespace; empty if unknown
     */
    record Found(State state, String started) {
        private static final Found ABSENT = new Found(State.ABSENT, "");
        private static final Found UNKNOWN = new Found(State.UNKNOWN, "");
    }

    /** Looks up a process by its pid. */
    Found find(long pid) {
        try {
            String stat = Files.readString(root.resolve(Long.toString(pid)).resolve("stat"));
            // The name of the command, in parentheses, may itself have spaces and parentheses.
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            // If only the first thread has ended, the process shows as a zombie, and the other threads go on.
            boolean ended = (fields[STATE_FIELD].equals("Z") || fields[STATE_FIELD].equals("X"))
                    && Integer.parseInt(fields[THREADS_FIELD]) <= 1;
            return new Found(ended ? State.ENDED : State.RUNNING, fields[START_FIELD]);
        } catch (NoSuchFileException e) {
            return Found.ABSENT;
        } catch (IOException | IndexOutOfBoundsException | NumberFormatException e) {
            // Forbidden, too many open files, or in another format: not being able to look is no sign of death.
            return Found.UNKNOWN;
        }
    }

    /**
     * Tells whether pids in this file system are those that this process sees: whether it was mounted in the pid
     * namespace of this process. {@code NSpid} lists the pids of a process in all pid namespaces from that of the file
     * system to its own.
     */
    boolean isOwn() {
        String own = Long.toString(ProcessHandle.current().pid());
        try {
            return Files.readAllLines(root.resolve("self/status")).stream()
                    .filter(line -> line.startsWith("NSpid:"))
                    .anyMatch(line ->
                            line.substring(line.indexOf(':') + 1).strip().equals(own));
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * Tells whether processes can be absent here although they run: by the mount option {@code hidepid}, or by another
     * mechanism, which then hides the first process too. True if the mount options cannot be read.
     */
    boolean hidesProcesses() {
        try {
            return !Files.exists(root.resolve("1"))
                    || Files.readAllLines(root.resolve("self/mountinfo")).stream()
                            .filter(line -> line.split(" ", -1)[MOUNT_POINT_FIELD].equals(root.toString()))
                            // Of several that are mounted on each other, the last one is visible.
                            .reduce((earlier, later) -> later)
                            .map(ProcFileSystem::hidesByOption)
                            .orElse(true);
        } catch (IOException | IndexOutOfBoundsException e) {
            return true;
        }
    }

    private static boolean hidesByOption(String mount) {
        String options = mount.substring(mount.lastIndexOf(SUPER_OPTIONS) + SUPER_OPTIONS.length());
        return List.of(options.split("[ ,]", -1)).stream()
                .filter(option -> option.startsWith("hidepid="))
                .anyMatch(option -> !ALL_VISIBLE.contains(option.substring("hidepid=".length())));
    }

    /** Returns the identity of the running kernel's boot; empty if it cannot be read. */
    String boot() {
        try {
            return Files.readString(root.resolve("sys/kernel/random/boot_id")).strip();
        } catch (IOException e) {
            return "";
        }
    }

    /** Returns the pid namespace of this process, or {@link #UNKNOWN}. */
    String pidNamespace() {
        return namespace("pid").orElse(UNKNOWN);
    }

    /** Returns the time namespace of this process; empty if it cannot be read. */
    String timeNamespace() {
        return namespace("time").orElseGet(() -> namespace("pid").isPresent() ? NO_TIME_NAMESPACES : "");
    }

    private Optional<String> namespace(String kind) {
        try {
            return Optional.of(Files.readSymbolicLink(root.resolve("self/ns").resolve(kind))
                    .toString());
        } catch (IOException | UnsupportedOperationException e) {
            return Optional.empty();
        }
    }
}
