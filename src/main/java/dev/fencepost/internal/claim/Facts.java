package dev.fencepost.internal.claim;

import dev.fencepost.internal.sql.ProcessFacts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Finds out by fact whether a process is gone: its pid is free or taken by a process that began at another time, or the
 * system has been booted since. Where the platform does not tell enough, a process counts as living, and its lease
 * decides.
 */
final class Facts {
    private static final int STATE_FIELD = 0;
    private static final int START_FIELD = 19;

    private final Path proc;
    private final ProcessFacts own;

    Facts() {
        this(Path.of("/proc"));
    }

    Facts(Path proc) {
        this.proc = proc;
        long pid = ProcessHandle.current().pid();
        this.own = new ProcessFacts(pid, started(pid).orElse(""), boot(), namespace());
    }

    /** This process. */
    ProcessFacts own() {
        return own;
    }

    /** Whether a process is certainly gone. */
    boolean isGone(ProcessFacts other) {
        if (other.equals(own)) {
            return false;
        }
        if (isKnown(other.boot(), own.boot()) && !other.boot().equals(own.boot())) {
            return true;
        }
        if (!other.namespace().equals(own.namespace())) {
            // The pid counts in another container, so it says nothing here.
            return false;
        }
        Optional<String> started = started(other.pid());
        return started.isEmpty()
                || (isKnown(other.started(), started.get()) && !other.started().equals(started.get()));
    }

    private static boolean isKnown(String left, String right) {
        return !left.isEmpty() && !right.isEmpty();
    }

    /** When a living process began; empty if there is none with this pid; the empty text if the system does not say. */
    private Optional<String> started(long pid) {
        try {
            String stat = Files.readString(proc.resolve(Long.toString(pid)).resolve("stat"));
            // The name of the command, in parentheses, may itself have spaces and parentheses.
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            boolean dead = fields[STATE_FIELD].equals("Z") || fields[STATE_FIELD].equals("X");
            return dead ? Optional.empty() : Optional.of(fields[START_FIELD]);
        } catch (NoSuchFileException e) {
            if (Files.exists(proc.resolve("self"))) {
                // Where the first of all processes cannot be seen, others are hidden too, and their absence says
                // nothing.
                return Files.exists(proc.resolve("1")) ? Optional.empty() : Optional.of("");
            }
        } catch (IOException e) {
            // Forbidden, or too many open files: not being able to look is no sign of death.
            return Optional.of("");
        }
        return startedByHandle(pid);
    }

    private static Optional<String> startedByHandle(long pid) {
        return ProcessHandle.of(pid)
                .filter(ProcessHandle::isAlive)
                .map(handle ->
                        handle.info().startInstant().map(Object::toString).orElse(""));
    }

    private String boot() {
        return read(proc.resolve("sys/kernel/random/boot_id"))
                .map(String::strip)
                .orElse("");
    }

    private String namespace() {
        try {
            return Files.readSymbolicLink(proc.resolve("self/ns/pid")).toString();
        } catch (IOException | UnsupportedOperationException e) {
            return "";
        }
    }

    private static Optional<String> read(Path file) {
        try {
            return Optional.of(Files.readString(file));
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
