package dev.fencepost.benchmarks.processes;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Brings a file into the system's memory, or takes it out. Only for a database that no process has open: closing a
 * descriptor of it here would drop the locks that this process has on it.
 */
final class PageCache {
    private static final int PART = 1 << 20;
    private static final int LONGEST_SECONDS = 60;

    private PageCache() {}

    /** Reads all of the file. */
    static void warm(Path file) throws IOException {
        ByteBuffer part = ByteBuffer.allocateDirect(PART);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            while (channel.read(part) >= 0) {
                part.clear();
            }
        }
    }

    /**
     * Has the system forget what it holds of this file, and of no other. By dd, since Java cannot ask for it.
     *
     * @return why that could not be done, or empty if it was
     */
    static Optional<String> drop(Path file) throws IOException, InterruptedException {
        // Only what the disk has can be forgotten.
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
        Process process;
        try {
            process = new ProcessBuilder("dd", "if=" + file, "iflag=nocache", "count=0")
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException e) {
            return Optional.of("there is no dd: " + e.getMessage());
        }
        if (!process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            return Optional.of("dd does not end");
        }
        return process.exitValue() == 0
                ? Optional.empty()
                : Optional.of("dd ended with " + process.exitValue() + ", so it may not know 'nocache'");
    }
}
