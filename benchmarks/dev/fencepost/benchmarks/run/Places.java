package dev.fencepost.benchmarks.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Two folders, one on disk and one in memory, in which each experiment gets an empty folder. They are deleted at the
 * end, and if possible when this process is stopped.
 */
final class Places implements AutoCloseable {
    private static final Path SHARED_MEMORY = Path.of("/dev/shm");
    private static final String NAME = "fencepost-benchmarks";

    private final Path disk;
    private final Path memory;
    private final Thread whenStopped = new Thread(this::deleteQuietly, "remove-folders");

    private Places(Path disk, Path memory) {
        this.disk = disk;
        this.memory = memory;
    }

    /**
     * Creates the folders.
     *
     * @param wanted the parent of the folder on disk; by default the folder for temporary files if it is on a disk, or
     *     else the working folder
     */
    static Places make(Optional<Path> wanted) throws IOException {
        Path usual = Path.of(System.getProperty("java.io.tmpdir"));
        Path onDisk = wanted.orElse(inMemory(usual) ? Path.of("").toAbsolutePath() : usual);
        Path inMemory = Files.isWritable(SHARED_MEMORY) ? SHARED_MEMORY : onDisk;
        Files.createDirectories(onDisk);
        Places places = new Places(Files.createTempDirectory(onDisk, NAME), Files.createTempDirectory(inMemory, NAME));
        Runtime.getRuntime().addShutdownHook(places.whenStopped);
        return places;
    }

    Path disk() {
        return disk;
    }

    Path memory() {
        return memory;
    }

    /** Creates an empty folder within one of the two. */
    static Path fresh(Path place, String name) throws IOException {
        Path folder = place.resolve(name);
        delete(folder);
        return Files.createDirectory(folder);
    }

    /** Deletes a folder and its content if it exists. */
    static void delete(Path folder) throws IOException {
        if (Files.exists(folder)) {
            List<Path> all;
            try (Stream<Path> walk = Files.walk(folder)) {
                all = walk.sorted(Comparator.reverseOrder()).toList();
            }
            for (Path one : all) {
                Files.deleteIfExists(one);
            }
        }
    }

    private static boolean inMemory(Path folder) throws IOException {
        return Files.getFileStore(folder).type().equals("tmpfs");
    }

    private void deleteQuietly() {
        try {
            delete(disk);
            delete(memory);
        } catch (IOException e) {
            System.err.println("Could not remove " + disk + " and " + memory + ": " + e);
        }
    }

    @Override
    public void close() throws IOException {
        Runtime.getRuntime().removeShutdownHook(whenStopped);
        delete(disk);
        delete(memory);
    }
}
