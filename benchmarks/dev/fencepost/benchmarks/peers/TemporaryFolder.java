package dev.fencepost.benchmarks.peers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** A temporary folder. {@link #close} deletes it. */
final class TemporaryFolder implements AutoCloseable {
    private final Path folder;

    private TemporaryFolder(Path folder) {
        this.folder = folder;
    }

    /** Creates an empty folder in another one. */
    static TemporaryFolder in(Path parent, String name) throws IOException {
        return new TemporaryFolder(Files.createTempDirectory(parent, name + "-"));
    }

    Path path() {
        return folder;
    }

    /** Deletes the folder and its content. */
    @Override
    public void close() throws IOException {
        delete(folder);
    }

    /** Deletes a folder and its content. */
    static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
