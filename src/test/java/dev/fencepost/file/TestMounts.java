package dev.fencepost.file;

import dev.fencepost.testing.ExternalProgram;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Assumptions;

/**
 * Read-only and small file systems, made for a test and removed after it. With the right to mount, as root or through
 * sudo, they are mounts, since root ignores permissions. Without it, write permissions are removed instead, and tests
 * that need a small disk are skipped.
 */
public final class TestMounts implements AutoCloseable {
    private static final Set<PosixFilePermission> READ_ONLY = PosixFilePermissions.fromString("r-xr-xr-x");

    private final Deque<Runnable> undo = new ArrayDeque<>();

    /** Makes a file or folder read-only, even for root. */
    public void readOnly(Path path) {
        if (mayMount()) {
            run("mount", "--bind", path.toString(), path.toString());
            undo.push(() -> run("umount", path.toString()));
            run("mount", "-o", "remount,bind,ro", path.toString());
        } else {
            Set<PosixFilePermission> before = permit(path, READ_ONLY);
            undo.push(() -> permit(path, before));
        }
    }

    /** Changes permissions, and returns the previous ones. */
    private static Set<PosixFilePermission> permit(Path path, Set<PosixFilePermission> permissions) {
        try {
            Set<PosixFilePermission> before = Files.getPosixFilePermissions(path);
            Files.setPosixFilePermissions(path, permissions);
            return before;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Mounts a small file system on a folder. */
    public void small(Path folder, String size) {
        Assumptions.assumeTrue(mayMount(), "a small disk needs the right to mount: be root, or let sudo do it");
        run("mount", "-t", "tmpfs", "-o", "mode=700,size=" + size, "tmpfs", folder.toString());
        giveToThisUser(folder);
        // Lazily: a store's mappings last until a garbage collection. And where a full disk keeps SQLite from tidying
        // up, the descriptor of the index is kept for the next opening.
        undo.push(() -> run("umount", "--lazy", folder.toString()));
    }

    /** Mounts a file system from a sparse image, whose size is not reserved; see also {@link #small}. */
    void thin(Path image, String size, Path folder) {
        run("truncate", "-s", size, image.toString());
        run("mkfs.ext2", "-q", "-F", "-m", "0", image.toString());
        run("mount", "-o", "loop", image.toString(), folder.toString());
        undo.push(() -> run("umount", "--lazy", folder.toString()));
        giveToThisUser(folder);
    }

    /** Gives a folder to this user, since a mount through sudo belongs to root. */
    private static void giveToThisUser(Path folder) {
        run("chown", System.getProperty("user.name"), folder.toString());
    }

    /** Mounts the file system in an image on a folder. */
    public void image(Path image, Path folder) {
        run("mount", "-o", "loop", image.toString(), folder.toString());
        undo.push(() -> run("umount", folder.toString()));
    }

    /** Returns whether this process may mount, as root or through sudo. */
    public static boolean mayMount() {
        return isRoot() || ExternalProgram.succeeds("sudo", "-n", "true");
    }

    /** Returns whether there is a program of this name. */
    public static boolean has(String command) {
        return ExternalProgram.succeeds("which", command);
    }

    private static boolean isRoot() {
        return System.getProperty("user.name").equals("root");
    }

    /** Runs a command as root. */
    public static void run(String... command) {
        List<String> all = new ArrayList<>(isRoot() ? List.of() : List.of("sudo", "-n"));
        all.addAll(List.of(command));
        ExternalProgram.output(all.toArray(String[]::new));
    }

    @Override
    public void close() {
        while (!undo.isEmpty()) {
            undo.pop().run();
        }
    }
}
