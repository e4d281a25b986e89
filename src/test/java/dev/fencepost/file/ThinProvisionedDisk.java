package dev.fencepost.file;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A disk that stands on one which may have no room: then it takes what is written to it, and says only when it is forced
 * that it did not get there. So it is with storage that promises more than there is.
 */
public final class ThinProvisionedDisk implements AutoCloseable {
    private static final String ROOM = "24m";
    private static final String PROMISED = "20m";

    private final TestMounts mounts = new TestMounts();
    private final Path folder;
    private final Path ballast;

    /** Whether one can be made here: it takes the right to mount, and {@code mkfs.ext2}. */
    public static boolean isPossible() {
        return TestMounts.mayMount() && TestMounts.has("mkfs.ext2");
    }

    /** Makes one in an empty folder. */
    public ThinProvisionedDisk(Path parent) throws IOException {
        Path pool = Files.createDirectory(parent.resolve("pool"));
        folder = Files.createDirectory(parent.resolve("thin"));
        ballast = pool.resolve("ballast");
        mounts.small(pool, ROOM);
        mounts.thin(pool.resolve("image"), PROMISED, folder);
    }

    /** Where it is written. */
    public Path folder() {
        return folder;
    }

    /** From here on it has no room but where it has been written before. */
    public void fill() throws IOException {
        // The first of them may be told of what failed before.
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

    /** There is room again. */
    public void giveRoom() throws IOException {
        Files.delete(ballast);
    }

    @Override
    public void close() {
        mounts.close();
    }
}
