package dev.fencepost.file;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
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
 * Read-only and small file systems, made for a test and taken away after it. Whoever may mount, by root's right or sudo's,
 * mounts them, since root heeds no permissions. Others take the right to write away instead; a small disk they cannot
 * make, and the test says so.
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

    /** Changes what is permitted, and says what was before. */
    private static Set<PosixFilePermission> permit(Path path, Set<PosixFilePermission> permissions) {
        try {
            Set<PosixFilePermission> before = Files.getPosixFilePermissions(path);
            Files.setPosixFilePermissions(path, permissions);
            return before;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Puts a small file system into a folder. */
    public void small(Path folder, String size) {
        Assumptions.assumeTrue(mayMount(), "a small disk needs the right to mount: be root, or let sudo do it");
        run("mount", "-t", "tmpfs", "-o", "mode=700,size=" + size, "tmpfs", folder.toString());
        giveToThisUser(folder);
        // Lazily: what a store has mapped stays so until the garbage collector has found it, and where a full disk
        // keeps SQLite from tidying up, the descriptor of the index is kept for whoever opens the store next.
        undo.push(() -> run("umount", "--lazy", folder.toString()));
    }

    /** Puts a file system into a folder, as {@link #small}, that is in an image which nobody has told how much room there is. */
    void thin(Path image, String size, Path folder) {
        run("truncate", "-s", size, image.toString());
        run("mkfs.ext2", "-q", "-F", "-m", "0", image.toString());
        run("mount", "-o", "loop", image.toString(), folder.toString());
        undo.push(() -> run("umount", "--lazy", folder.toString()));
        giveToThisUser(folder);
    }

    /** What was mounted by sudo is root's. */
    private static void giveToThisUser(Path folder) {
        run("chown", System.getProperty("user.name"), folder.toString());
    }

    /** Puts the file system that is in an image into a folder. */
    public void image(Path image, Path folder) {
        run("mount", "-o", "loop", image.toString(), folder.toString());
        undo.push(() -> run("umount", folder.toString()));
    }

    /** Whether this process may mount, by root's right or sudo's. */
    public static boolean mayMount() {
        try {
            return isRoot() || new ProcessBuilder("sudo", "-n", "true").start().waitFor() == 0;
        } catch (IOException e) {
            // There is no sudo.
            return false;
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted", e);
        }
    }

    /** Whether there is a program of this name. */
    public static boolean has(String command) {
        try {
            run("which", command);
            return true;
        } catch (AssertionError e) {
            // It says that there is none.
            return false;
        }
    }

    private static boolean isRoot() {
        return System.getProperty("user.name").equals("root");
    }

    /** Runs a command with root's right. */
    public static void run(String... command) {
        List<String> all = new ArrayList<>(isRoot() ? List.of() : List.of("sudo", "-n"));
        all.addAll(List.of(command));
        try {
            Process process = new ProcessBuilder(all).redirectErrorStream(true).start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new AssertionError(all + " said " + said);
            }
        } catch (IOException e) {
            throw new AssertionError(all + " could not be run", e);
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted", e);
        }
    }

    @Override
    public void close() {
        while (!undo.isEmpty()) {
            undo.pop().run();
        }
    }
}
