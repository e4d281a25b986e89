package dev.fencepost.verification.powerloss;

import dev.fencepost.file.TestMounts;
import dev.fencepost.verification.crash.CrashProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A disk in a file, formatted with ext4. Images of it are taken at single moments. An image lacks all data that the
 * kernel had not written to the disk by then, as after a power loss.
 */
final class Disk implements AutoCloseable {
    private static final String POOL_SIZE = "6G";
    private static final String SIZE = "384M";

    /** The way in which an image captures a single moment. */
    enum Way {
        /** The file is on an XFS. A copy shares its blocks, and no write comes in between. */
        SHARED("mkfs.xfs"),
        /** The writers are stopped, and the file is copied until two successive copies are equal. */
        COPIED("cp");

        private final String command;

        Way(String command) {
            this.command = command;
        }

        /** Returns the better way that is possible on this host. */
        static Way here() {
            return TestMounts.has(SHARED.command) ? SHARED : COPIED;
        }

        boolean isPossible() {
            return TestMounts.has(command);
        }
    }

    private final Way way;
    private final TestMounts mounts = new TestMounts();
    private final Path pool;
    private final Path disk;
    private final Path image;
    private int images;

    /** Creates a disk in an empty folder. */
    Disk(Path folder, Way way) throws IOException {
        this.way = way;
        pool = Files.createDirectory(folder.resolve("pool"));
        disk = Files.createDirectory(folder.resolve("disk"));
        image = Files.createDirectory(folder.resolve("image"));
        try {
            if (way == Way.SHARED) {
                share(folder.resolve("pool.img"));
            }
            TestMounts.run("truncate", "-s", SIZE, file().toString());
            TestMounts.run("mkfs.ext4", "-q", "-F", file().toString());
            mounts.image(file(), disk);
            TestMounts.run("chmod", "777", disk.toString());
        } catch (AssertionError e) {
            close();
            throw e;
        }
    }

    private void share(Path bottom) {
        TestMounts.run("truncate", "-s", POOL_SIZE, bottom.toString());
        TestMounts.run("mkfs.xfs", "-q", "-m", "reflink=1", bottom.toString());
        mounts.image(bottom, pool);
    }

    /** Returns the missing requirements; empty if there are none. */
    static List<String> missing() {
        if (!TestMounts.mayMount()) {
            return List.of("the right to mount: be root, or let sudo do it");
        }
        return TestMounts.has("mkfs.ext4") ? List.of() : List.of("mkfs.ext4");
    }

    private Path file() {
        return pool.resolve("disk.img");
    }

    /** Returns the folder where the disk is mounted. */
    Path folder() {
        return disk;
    }

    /** Writes all data so far to the disk. */
    void sync() {
        TestMounts.run("sync", "-f", disk.toString());
    }

    /** An action on an image. */
    @FunctionalInterface
    interface Work<T> {
        T in(Path folder) throws Exception;
    }

    /**
     * Takes an image of the disk at one moment.
     *
     * @param writers the processes that write to the disk
     */
    Path take(List<CrashProcess> writers) throws IOException, InterruptedException {
        if (way == Way.SHARED) {
            return copy("--reflink=always");
        }
        try {
            for (CrashProcess writer : writers) {
                writer.stop();
            }
            return copyThatStays();
        } finally {
            for (CrashProcess writer : writers) {
                writer.wake();
            }
        }
    }

    /** Copies the disk until two copies are equal, because the kernel may still be writing its cached pages. */
    private Path copyThatStays() throws IOException {
        Path before = copy("--sparse=always");
        while (true) {
            Path after = copy("--sparse=always");
            boolean alike = Files.mismatch(before, after) < 0;
            TestMounts.run("rm", before.toString());
            if (alike) {
                return after;
            }
            before = after;
        }
    }

    private Path copy(String how) {
        Path taken = pool.resolve("image-" + images++ + ".img");
        TestMounts.run("cp", how, file().toString(), taken.toString());
        return taken;
    }

    /** Mounts an image, runs an action on it as after a restart, and deletes the image. */
    <T> T in(Path taken, Work<T> work) throws Exception {
        try (TestMounts mounted = new TestMounts()) {
            mounted.image(taken, image);
            return work.in(image);
        } finally {
            TestMounts.run("rm", taken.toString());
        }
    }

    @Override
    public void close() {
        mounts.close();
    }
}
