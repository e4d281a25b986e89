package dev.fencepost.benchmarks.processes;

import dev.fencepost.benchmarks.run.Programs;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Reads a file into the system's page cache, or evicts it. No process may have the database open: closing a descriptor
 * here would drop the locks that this process has on it.
 */
final class PageCache {
    private static final int PART = 1 << 20;

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
        try {
            List<String> command = List.of("dd", "if=" + file, "iflag=nocache", "count=0");
            Programs.run(file.toAbsolutePath().getParent(), Duration.ofMinutes(1), command);
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of("dd does not work, or does not know 'nocache': " + e.getMessage());
        }
    }
}
