package dev.fencepost.benchmarks.processes;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A temporary folder. {@link #close} deletes it with its content. */
record Folder(Path path) implements AutoCloseable {
    static Folder in(Path parent) throws IOException {
        return new Folder(Files.createTempDirectory(parent, "processes-"));
    }

    /** Returns a file in the folder. */
    Path file(String name) {
        return path.resolve(name);
    }

    @Override
    public void close() throws IOException {
        List<Path> all;
        try (Stream<Path> files = Files.walk(path)) {
            all = files.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path file : all) {
            Files.deleteIfExists(file);
        }
    }
}
