package dev.fencepost.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * The processes of a command: the first one, its descendants, and on Linux every process with its mark in the
 * environment. The mark finds a process whose parent has ended, which no longer counts as a descendant. Safe for use by
 * many threads.
 */
final class ProcessTree {
    private static final long ROUND_MILLIS = 50;
    private static final int KILL_ROUNDS = 100;
    private static final Path PROC = Path.of("/proc");

    private final String mark;
    private final int termRounds;
    /** The running processes found so far, the first process first. Guarded by this object. */
    private final Set<ProcessHandle> members = new LinkedHashSet<>();

    /**
     * Creates the tree of a command that was started.
     *
     * @param mark the variable of the environment, as {@code NAME=VALUE}, that only these processes have
     * @param patience the longest time between TERM and KILL
     */
    ProcessTree(Process first, String mark, Duration patience) {
        this.mark = "\0" + mark + "\0";
        this.termRounds = Math.toIntExact(patience.toMillis() / ROUND_MILLIS);
        members.add(first.toHandle());
    }

    /**
     * Ends all processes: by TERM, and by KILL if they still run after the patience. Waits for their end, up to 5 s.
     */
    synchronized void end() {
        boolean interrupted = Thread.interrupted();
        interrupted |= signal(ProcessHandle::destroy, termRounds);
        interrupted |= signal(ProcessHandle::destroyForcibly, KILL_ROUNDS);
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Signals every process once, including those that start meanwhile, and waits. Returns true if it was interrupted.
     */
    private boolean signal(Consumer<ProcessHandle> signal, int rounds) {
        Set<ProcessHandle> signalled = new HashSet<>();
        boolean interrupted = false;
        for (int round = 0; round < rounds; round++) {
            look();
            if (members.isEmpty()) {
                break;
            }
            members.stream().filter(signalled::add).forEach(signal);
            interrupted |= awaitEnd();
        }
        return interrupted;
    }

    private void look() {
        try (var all = ProcessHandle.allProcesses()) {
            all.filter(this::isMarked).forEach(members::add);
        }
        members.removeIf(one -> !isRunning(one));
        for (ProcessHandle one : List.copyOf(members)) {
            try (var descendants = one.descendants()) {
                descendants.filter(ProcessTree::isRunning).forEach(members::add);
            }
        }
    }

    /** Waits one round for the known processes to end. Returns true if it was interrupted. */
    private boolean awaitEnd() {
        try {
            CompletableFuture.allOf(members.stream().map(ProcessHandle::onExit).toArray(CompletableFuture[]::new))
                    .get(ROUND_MILLIS, TimeUnit.MILLISECONDS);
            return false;
        } catch (InterruptedException e) {
            return true;
        } catch (ExecutionException e) {
            throw new IllegalStateException("Waiting for the end of a process failed", e);
        } catch (TimeoutException e) {
            return false;
        }
    }

    private boolean isMarked(ProcessHandle process) {
        if (process.pid() == ProcessHandle.current().pid()) {
            return false;
        }
        // Java does not offer the environment of other processes. On systems other than Linux, this file does not
        // exist.
        return ("\0" + read(process, "environ")).contains(mark);
    }

    /** Returns false for a process that has ended, even if its parent has not collected its exit code. */
    private static boolean isRunning(ProcessHandle process) {
        if (!process.isAlive()) {
            return false;
        }
        String stat = read(process, "stat");
        // The name of the program comes before the state, and can contain anything.
        return !stat.startsWith(") Z", stat.lastIndexOf(')'));
    }

    /**
     * Returns a file of the process; empty if the process has ended, belongs to another user or there is no such file.
     */
    private static String read(ProcessHandle process, String file) {
        try {
            return Files.readString(
                    PROC.resolve(Long.toString(process.pid())).resolve(file), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return "";
        }
    }
}
