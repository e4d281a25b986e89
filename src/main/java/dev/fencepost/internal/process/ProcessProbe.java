package dev.fencepost.internal.process;

import dev.fencepost.internal.sql.ProcessFingerprint;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/**
 * Evidence that a process is gone: its pid is free, or belongs to a process with another start time.
 *
 * <p>Evidence counts only where it can be compared. On Linux, both processes must run under one boot and in one pid
 * namespace. {@code /proc} must be that of this namespace, and hide no processes. Start times must be of one time
 * namespace. Otherwise a process counts as living, and its lease decides. Safe for use by many threads.
 */
public final class ProcessProbe {
    private final Optional<ProcFileSystem> files;
    private final ProcessFingerprint own;

    public ProcessProbe() {
        this(isLinux() ? Optional.of(new ProcFileSystem(Path.of("/proc"))) : Optional.empty());
    }

    /**
     * Creates a probe with a given source of evidence.
     *
     * @param files the process file system; empty on platforms that have neither it nor namespaces
     */
    ProcessProbe(Optional<ProcFileSystem> files) {
        this.files = files;
        long pid = ProcessHandle.current().pid();
        this.own = files.map(proc -> ownFacts(pid, proc))
                .orElseGet(
                        () -> new ProcessFingerprint(pid, startedByHandle(pid).orElse(""), "", "", ""));
    }

    private static boolean isLinux() {
        return System.getProperty("os.name", "").toLowerCase(Locale.ROOT).startsWith("linux");
    }

    private static ProcessFingerprint ownFacts(long pid, ProcFileSystem proc) {
        // In the file system of another pid namespace, the pid belongs to another process.
        String started = proc.isOwn() ? proc.find(pid).started() : "";
        return new ProcessFingerprint(pid, started, proc.boot(), proc.pidNamespace(), proc.timeNamespace());
    }

    /** Returns the fingerprint of this process. */
    public ProcessFingerprint own() {
        return own;
    }

    /** Tells whether a process is certainly gone. */
    boolean isGone(ProcessFingerprint other) {
        return !other.equals(own)
                && other.namespace().equals(own.namespace())
                && files.map(proc -> isGone(other, proc)).orElseGet(() -> isGoneByHandle(other));
    }

    private boolean isGone(ProcessFingerprint other, ProcFileSystem proc) {
        if (own.namespace().equals(ProcFileSystem.UNKNOWN) || !areSame(other.boot(), own.boot())) {
            return false;
        }
        ProcFileSystem.Found found = proc.find(other.pid());
        return switch (found.state()) {
            case ABSENT -> proc.isOwn() && !proc.hidesProcesses();
            case ENDED -> proc.isOwn();
            case RUNNING ->
                areSame(other.timeNamespace(), own.timeNamespace())
                        && areDifferent(other.started(), found.started())
                        && proc.isOwn();
            case UNKNOWN -> false;
        };
    }

    private static boolean isGoneByHandle(ProcessFingerprint other) {
        Optional<String> started = startedByHandle(other.pid());
        return started.isEmpty() || areDifferent(other.started(), started.get());
    }

    /**
     * Returns the start time of a living process; empty if none has this pid; the empty text if the system does not
     * tell.
     */
    private static Optional<String> startedByHandle(long pid) {
        return ProcessHandle.of(pid)
                .filter(ProcessHandle::isAlive)
                .map(handle ->
                        handle.info().startInstant().map(Object::toString).orElse(""));
    }

    private static boolean areSame(String left, String right) {
        return !left.isEmpty() && left.equals(right);
    }

    private static boolean areDifferent(String left, String right) {
        return !left.isEmpty() && !right.isEmpty() && !left.equals(right);
    }
}
