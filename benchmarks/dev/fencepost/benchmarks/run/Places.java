package dev.fencepost.benchmarks.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Two folders, one on disk and one in memory, in which each experiment gets an empty folder. They are deleted at the
 * end, and if possible when this process is stopped.
 */
final class Places implements AutoCloseable {
    private static final Path SHARED_MEMORY = Path.of("/dev/shm");
    private static final String NAME = "fencepost-benchmarks";

    private final TemporaryFolder disk;
    private final TemporaryFolder memory;
    private final Thread whenStopped = new Thread(this::deleteQuietly, "remove-folders");

    private Places(TemporaryFolder disk, TemporaryFolder memory) {
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
        boolean inMemory = Files.getFileStore(usual).type().equals("tmpfs");
        Path onDisk = wanted.orElse(inMemory ? Path.of("").toAbsolutePath() : usual);
        Files.createDirectories(onDisk);
        Places places = new Places(
                TemporaryFolder.in(onDisk, NAME),
                TemporaryFolder.in(Files.isWritable(SHARED_MEMORY) ? SHARED_MEMORY : onDisk, NAME));
        Runtime.getRuntime().addShutdownHook(places.whenStopped);
        return places;
    }

    Path disk() {
        return disk.path();
    }

    Path memory() {
        return memory.path();
    }

    private void deleteQuietly() {
        try (disk;
                memory) {
            // Both are deleted even if one cannot be.
        } catch (IOException e) {
            System.err.println("Could not remove " + disk.path() + " and " + memory.path() + ": " + e);
        }
    }

    @Override
    public void close() throws IOException {
        Runtime.getRuntime().removeShutdownHook(whenStopped);
        try (disk) {
            memory.close();
        }
    }
}
