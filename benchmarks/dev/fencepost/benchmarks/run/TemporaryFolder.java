package dev.fencepost.benchmarks.run;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;

/** A temporary folder. {@link #close} deletes it with its content, if it exists. */
public record TemporaryFolder(Path path) implements AutoCloseable {
    /** The number of endings of names, which have at most four characters. */
    private static final int ENDINGS =
            Character.MAX_RADIX * Character.MAX_RADIX * Character.MAX_RADIX * Character.MAX_RADIX;

    /**
     * Creates an empty folder in another one. Its name is short, because the path of a socket has at most about a hundred
     * bytes. If a store's path is longer, its processes exchange no messages and poll instead.
     */
    public static TemporaryFolder in(Path parent, String name) throws IOException {
        while (true) {
            int ending = ThreadLocalRandom.current().nextInt(ENDINGS);
            try {
                return new TemporaryFolder(Files.createDirectory(
                        parent.resolve(name + "-" + Integer.toString(ending, Character.MAX_RADIX))));
            } catch (FileAlreadyExistsException e) {
                // Another folder has this ending.
                continue;
            }
        }
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
