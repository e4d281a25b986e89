package dev.fencepost.benchmarks.processes;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Reads a file into the system's page cache, or evicts it. No process may have the database open: closing a descriptor
 * here would drop the locks that this process has on it.
 */
final class PageCache {
    private static final int PART = 1 << 20;
    private static final int LONGEST_SECONDS = 60;

    private PageCache() {}

    /** Reads the whole file. */
    static void warm(Path file) throws IOException {
        ByteBuffer part = ByteBuffer.allocateDirect(PART);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            while (channel.read(part) >= 0) {
                part.clear();
            }
        }
    }

    /**
     * Evicts the pages of this file alone. It uses dd, because Java has no call for it.
     *
     * @return the reason why this failed, or empty if it succeeded
     */
    static Optional<String> drop(Path file) throws IOException, InterruptedException {
        // Only pages that are on the disk can be evicted.
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
