package dev.fencepost.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fencepost.Store;
import dev.fencepost.UnusableStoreException;
import dev.fencepost.UnusableStoreException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The observable state of a folder, to prove that a refusal leaves no trace in it. */
public final class FolderSnapshot {
    private FolderSnapshot() {}

    /**
     * Returns the bytes, the time of the last change and the mode of each file, and the same of the folder. The bytes
     * of SQLite's shared memory are left out, since readers write there how far they read.
     */
    public static TreeMap<String, String> of(Path folder) {
        TreeMap<String, String> traces = new TreeMap<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : Stream.concat(Stream.of(folder), files).toList()) {
                traces.put(file.toString(), trace(file));
            }
            return traces;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static String trace(Path file) throws IOException {
        PosixFileAttributes seen = Files.readAttributes(file, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        boolean kept = seen.isRegularFile() && !file.toString().endsWith("-shm");
        String content = kept ? Integer.toHexString(Arrays.hashCode(Files.readAllBytes(file))) : "";
        return seen.size() + " bytes " + content + " at " + seen.lastModifiedTime() + " "
                + PosixFilePermissions.toString(seen.permissions()) + " " + seen.fileKey();
    }

    /** Opens a path, which must be refused for this reason, with these words, and without a trace in its folder. */
    public static void assertRefused(Path file, Reason reason, String... words) {
        Path folder = file.toAbsolutePath().getParent();
        boolean there = folder != null && Files.isDirectory(folder);
        TreeMap<String, String> before = there ? of(folder) : new TreeMap<>();
        assertRefusedAt(file, reason, words);
        assertThat(there ? of(folder) : new TreeMap<>()).isEqualTo(before);
    }

    /** Opens a path, which must be refused for this reason and with these words. */
    public static void assertRefusedAt(Path file, Reason reason, String... words) {
        assertThatThrownBy(() -> Store.open(file).close()).isInstanceOfSatisfying(UnusableStoreException.class, e -> {
            assertThat(e.reason()).as(e.getMessage()).isEqualTo(reason);
            assertThat(e).hasMessageContainingAll(words);
            assertThat(e.retryable()).isFalse();
        });
    }

    /**
     * Waits until a cached read is refused. A hit does not check the path, so hits continue for some 20 ms after the
     * file was removed.
     */
    public static void awaitRefusal(Runnable read) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (true) {
            try {
                read.run();
            } catch (UnusableStoreException e) {
                return;
            }
            assertThat(System.nanoTime())
                    .as("the file is gone, and reads go on")
                    .isLessThan(end);
        }
    }

    /** Returns the names in a folder, sorted. */
    public static List<String> names(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
