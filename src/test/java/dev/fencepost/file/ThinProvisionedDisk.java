package dev.fencepost.file;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A disk on storage that can run out of room. A write then succeeds, and only an fsync reports that it was lost.
 * Storage that promises more than it has behaves in this way.
 */
public final class ThinProvisionedDisk implements AutoCloseable {
    private static final String ROOM = "24m";
    private static final String PROMISED = "20m";

    private final TestMounts mounts = new TestMounts();
    private final Path folder;
    private final Path ballast;

    /** Returns whether this machine can create one: this takes the right to mount, and {@code mkfs.ext2}. */
    public static boolean isPossible() {
        return TestMounts.mayMount() && TestMounts.has("mkfs.ext2");
    }

    /** Creates a disk in an empty folder. */
    public ThinProvisionedDisk(Path parent) throws IOException {
        Path pool = Files.createDirectory(parent.resolve("pool"));
        folder = Files.createDirectory(parent.resolve("thin"));
        ballast = pool.resolve("ballast");
        mounts.small(pool, ROOM);
        mounts.thin(pool.resolve("image"), PROMISED, folder);
    }

    /** Returns the mounted folder. */
    public Path folder() {
        return folder;
    }

    /** Takes all remaining room. Later writes succeed only where the disk was written before. */
    public void fill() throws IOException {
        // The first sync may report an earlier failure.
        TestMounts.run("sh", "-c", "sync -f " + folder + " || sync -f " + folder);
        try (OutputStream bytes = Files.newOutputStream(ballast)) {
            byte[] piece = new byte[4_096];
            while (true) {
                bytes.write(piece);
            }
        } catch (IOException e) {
            if (Files.getFileStore(ballast).getUsableSpace() > 0) {
                throw e;
            }
        }
    }

    /** Gives the room back. */
    public void giveRoom() throws IOException {
        Files.delete(ballast);
    }

    @Override
    public void close() {
        mounts.close();
    }
}
