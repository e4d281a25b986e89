package dev.fencepost.benchmarks.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A temporary folder. {@link #close} deletes it with its content, if it exists. */
public record TemporaryFolder(Path path) implements AutoCloseable {
    /** Creates an empty folder in another one. */
    public static TemporaryFolder in(Path parent, String name) throws IOException {
        return new TemporaryFolder(Files.createTempDirectory(parent, name + "-"));
    }

    /** Returns a file in the folder. */
    public Path file(String name) {
        return path.resolve(name);
    }

    @Override
    public void close() throws IOException {
        if (Files.exists(path)) {
            List<Path> all;
            try (Stream<Path> files = Files.walk(path)) {
                all = files.sorted(Comparator.reverseOrder()).toList();
            }
            for (Path one : all) {
                Files.deleteIfExists(one);
            }
        }
    }
}
