package dev.fencepost.verification.faults;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.fencepost.testing.ExternalProgram;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * A preloaded library between a process and the C library. It makes system calls fail on request: {@code
 * src/test/c/faults.c}.
 */
final class LibcShim {
    private static final Path SOURCE =
            Path.of(System.getProperty("basedir", System.getProperty("user.dir")), "src", "test", "c", "faults.c");
    private static final int BYTES = 128;
    private static final int SUFFIX = 48;

    /** The calls that can fail. */
    enum Call {
        READ,
        WRITE,
        FORCE,
        TRUNCATE,
        MAP,
        OPEN;

        int bit() {
            return 1 << ordinal();
        }
    }

    /** The error number of a failed call. */
    enum Error {
        NONE(0),
        /** No error: the process is stopped in the middle of the call. */
        STOP(-1),
        EIO(5),
        ENOMEM(12),
        ENFILE(23),
        EMFILE(24),
        ENOSPC(28);

        private final int number;

        Error(int number) {
            this.number = number;
        }
    }

    private final Path library;
    private final Path control;
    private final ByteBuffer shared;

    private LibcShim(Path library, Path control) throws IOException {
        this.library = library;
        this.control = control;
        Files.write(control, new byte[BYTES]);
        try (FileChannel channel = FileChannel.open(control, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            shared = channel.map(MapMode.READ_WRITE, 0, BYTES).order(ByteOrder.nativeOrder());
        }
    }

    /** Compiles the library into a folder; skips the test if this is impossible. */
    static LibcShim in(Path folder) {
        assumeTrue(
                System.getProperty("os.name").equals("Linux") && Files.exists(SOURCE),
                "calls are made to fail by a preloaded library, which is for Linux");
        Path library = folder.resolve("faults.so");
        assumeTrue(
                ExternalProgram.succeeds("cc", "--version"),
                "calls are made to fail by a library in C, and there is no compiler");
        ExternalProgram.Output compiled = ExternalProgram.run(new ProcessBuilder(
                "cc", "-shared", "-fPIC", "-O2", "-o", library.toString(), SOURCE.toString(), "-ldl"));
        assumeTrue(compiled.code() == 0, "the library that lets calls fail cannot be compiled: " + compiled.text());
        try {
            return new LibcShim(library, folder.resolve("faults.control"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the environment variables that activate the library. */
    Map<String, String> environment() {
        return Map.of("LD_PRELOAD", library.toString(), "FENCEPOST_FAULTS", control.toString());
    }

    /**
     * Makes calls on files fail whose path has this suffix.
     *
     * @param skip the number of calls that succeed first
     * @param times the number of calls that fail; -1 for all
     */
    void fail(Call call, Error error, String suffix, int skip, int times) {
        arm(call, error, suffix, skip, times, false);
    }

    /** Makes only half of each write succeed. With an error, the next write after each half fails. */
    void halve(Error error, String suffix) {
        arm(Call.WRITE, error, suffix, 0, -1, true);
    }

    private void arm(Call call, Error error, String suffix, int skip, int times, boolean halved) {
        calm();
        byte[] ending = suffix.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < BYTES - SUFFIX - Long.BYTES; i++) {
            shared.put(SUFFIX - Long.BYTES + i, i < ending.length ? ending[i] : 0);
        }
        shared.putInt(4, error.number);
        shared.putInt(8, skip);
        shared.putInt(12, times);
        shared.putInt(16, halved ? 1 : 0);
        shared.putInt(20, 0);
        shared.putInt(0, call.bit());
    }

    /** Ends all faults. */
    void calm() {
        shared.putInt(0, 0);
    }

    /** Returns the number of affected calls since the last fault was requested. */
    int hits() {
        return shared.getInt(20);
    }

    /** Shifts the wall clock of the process by this duration. */
    void shiftClock(Duration by) {
        shared.putLong(32, by.toSeconds());
    }

    /** Forks the process at its next write. The copy does nothing and lives for a minute at most. */
    void fork() {
        shared.putInt(28, 0);
        shared.putInt(24, 1);
    }

    /** Returns the process ID of the copy; 0 before the fork. */
    int forked() {
        return shared.getInt(28);
    }

    /** Returns the environment variables that replace the list of mounts of a process. */
    Map<String, String> environmentWith(Path mounts) {
        return Map.of("LD_PRELOAD", library.toString(), "FENCEPOST_MOUNTS", mounts.toString());
    }

    /** Writes the list of mounts with every file system of this type. */
    static Path mounts(Path folder, String type) throws IOException {
        List<String> lines = Files.readAllLines(Path.of("/proc/mounts")).stream()
                .map(line -> line.split(" ", -1))
                .map(words -> String.join(" ", words[0], words[1], type, words[3], "0", "0"))
                .toList();
        return Files.write(folder.resolve("mounts"), lines);
    }
}
