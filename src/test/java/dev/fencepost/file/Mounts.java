package dev.fencepost.file;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * File systems of a kind, made for a test and taken away after it. Needs the right to mount: root's own, or sudo's. Where
 * there is neither, the test fails rather than being passed over.
 */
final class Mounts implements AutoCloseable {
    private final Deque<Path> mounted = new ArrayDeque<>();

    /** Makes a file or folder read-only, even for root. */
    void readOnly(Path path) {
        run("mount", "--bind", path.toString(), path.toString());
        mounted.push(path);
        run("mount", "-o", "remount,bind,ro", path.toString());
    }

    /** Puts a small file system into a folder. */
    void small(Path folder, String size) {
        run("mount", "-t", "tmpfs", "-o", "mode=700,size=" + size, "tmpfs", folder.toString());
        mounted.push(folder);
    }

    private static void run(String... command) {
        List<String> all = new ArrayList<>();
        if (!System.getProperty("user.name").equals("root")) {
            all.addAll(List.of("sudo", "-n"));
        }
        all.addAll(List.of(command));
        try {
            Process process = new ProcessBuilder(all).redirectErrorStream(true).start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.waitFor() != 0) {
                throw new AssertionError("this test needs the right to mount file systems: " + all + " said " + said);
            }
        } catch (IOException e) {
            throw new AssertionError("this test needs the right to mount file systems: " + all, e);
        } catch (InterruptedException e) {
            throw new AssertionError("interrupted", e);
        }
    }

    @Override
    public void close() {
        while (!mounted.isEmpty()) {
            run("umount", mounted.pop().toString());
        }
    }
}
