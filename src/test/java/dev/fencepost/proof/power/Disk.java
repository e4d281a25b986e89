package dev.fencepost.proof.power;

import dev.fencepost.file.Mounts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A disk in a file, with ext4 on it, of which images are taken at single moments: the file stands on an XFS, which gives
 * out a copy of it that shares its blocks, and lets no write in between. What is not in the file at that moment is what a
 * loss of power takes: what the kernel had not given to the disk yet.
 */
final class Disk implements AutoCloseable {
    private static final String POOL_SIZE = "6G";
    private static final String SIZE = "384M";

    private final Mounts mounts = new Mounts();
    private final Path pool;
    private final Path disk;
    private final Path image;
    private int images;

    /** Makes one in an empty folder. */
    Disk(Path folder) throws IOException {
        pool = Files.createDirectory(folder.resolve("pool"));
        disk = Files.createDirectory(folder.resolve("disk"));
        image = Files.createDirectory(folder.resolve("image"));
        Path bottom = folder.resolve("pool.img");
        Mounts.run("truncate", "-s", POOL_SIZE, bottom.toString());
        Mounts.run("mkfs.xfs", "-q", "-m", "reflink=1", bottom.toString());
        try {
            mounts.image(bottom, pool);
            Mounts.run("truncate", "-s", SIZE, file().toString());
            Mounts.run("mkfs.ext4", "-q", "-F", file().toString());
            mounts.image(file(), disk);
            Mounts.run("chmod", "777", disk.toString());
        } catch (AssertionError e) {
            close();
            throw e;
        }
    }

    /** What is missing for one here; empty if nothing is. */
    static List<String> missing() {
        List<String> missing = new ArrayList<>();
        if (!Mounts.mayMount()) {
            missing.add("the right to mount: be root, or let sudo do it");
            return missing;
        }
        for (String command : List.of("mkfs.xfs", "mkfs.ext4")) {
            try {
                Mounts.run("which", command);
            } catch (AssertionError e) {
                missing.add(command);
            }
        }
        return missing;
    }

    private Path file() {
        return pool.resolve("disk.img");
    }

    /** Where it is written. */
    Path folder() {
        return disk;
    }

    /** Everything that was written so far is on the disk. */
    void sync() {
        Mounts.run("sync", "-f", disk.toString());
    }

    /** What is to be done in an image. */
    @FunctionalInterface
    interface Work<T> {
        T in(Path folder) throws Exception;
    }

    /** The disk as it is at this moment. */
    Path take() {
        Path taken = pool.resolve("image-" + images++ + ".img");
        Mounts.run("cp", "--reflink=always", file().toString(), taken.toString());
        return taken;
    }

    /** Does something in an image, as in a machine that has power again, and lets go of the image. */
    <T> T in(Path taken, Work<T> work) throws Exception {
        try (Mounts mounted = new Mounts()) {
            mounted.image(taken, image);
            return work.in(image);
        } finally {
            Mounts.run("rm", taken.toString());
        }
    }

    @Override
    public void close() {
        mounts.close();
    }
}
