package dev.fencepost.internal.process;

import dev.fencepost.internal.sql.ProcessFingerprint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** A /proc file system made of plain files, which shows this process and process 1. */
final class FakeProc {
    static final String BOOT = "boot-1";
    static final String PIDS = "pid:[1]";
    static final String TIME = "time:[1]";

    final Path root;

    FakeProc(Path root) {
        this.root = root;
        write("1/stat", stat(1, "S", 1, "1"));
        write("sys/kernel/random/boot_id", " " + BOOT + "\n");
        nsPid(Long.toString(ProcessHandle.current().pid()));
        mounted("rw");
        link("self/ns/pid", PIDS);
        link("self/ns/time", TIME);
    }

    ProcessProbe facts() {
        return new ProcessProbe(Optional.of(new ProcFileSystem(root)));
    }

    /** Returns the fingerprint of a process whose every field can be compared with this process. */
    static ProcessFingerprint process(long pid, String started) {
        return new ProcessFingerprint(pid, started, BOOT, PIDS, TIME);
    }

    void running(long pid, String started) {
        write(pid + "/stat", stat(pid, "S", 1, started));
    }

    void inState(long pid, String state, int threads) {
        write(pid + "/stat", stat(pid, state, threads, "100"));
    }

    void gone(long pid) {
        delete(pid + "/stat");
    }

    /** Sets the pids of this process, from the namespace of the file system to its own. */
    void nsPid(String pids) {
        write("self/status", "Name:\tjava\nNSpid:\t" + pids + "\nNSpgid:\t1\n");
    }

    /** Mounts the file system with these options, over an earlier one. */
    void mounted(String options) {
        write("self/mountinfo", """
                22 27 0:21 / / rw - ext4 /dev/a rw
                23 22 0:21 / %1$s rw,relatime - proc proc rw,hidepid=off
                24 23 0:39 / %1$s rw,relatime shared:1 - proc proc %2$s
                25 22 0:39 / /elsewhere rw - proc proc rw,hidepid=invisible
                """.formatted(root, options));
    }

    void link(String path, String target) {
        try {
            Files.createDirectories(root.resolve(path).getParent());
            Files.deleteIfExists(root.resolve(path));
            Files.createSymbolicLink(root.resolve(path), Path.of(target));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void delete(String path) {
        try {
            Files.delete(root.resolve(path));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void write(String path, String text) {
        try {
            Files.createDirectories(root.resolve(path).getParent());
            Files.writeString(root.resolve(path), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String stat(long pid, String state, int threads, String started) {
        return pid + " (a (b) c) " + state + " 0".repeat(16) + " " + threads + " 0 " + started + " 0";
    }
}
