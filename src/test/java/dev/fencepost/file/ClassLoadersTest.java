package dev.fencepost.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.fencepost.Key;
import dev.fencepost.Store;
import dev.fencepost.UnusableStoreException.Reason;
import dev.fencepost.testing.StoreTest;
import dev.fencepost.testing.WorkerProcess;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Several class loaders of one JVM, each with a copy of the library. Descriptors and POSIX locks belong to the process.
 */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ClassLoadersTest extends StoreTest {
    @BeforeEach
    void create() {
        try (Store store = Store.open(file)) {
            store.agent("planner").put(Key.text("a"), "1").orThrow();
        }
    }

    private static ApartLoader whole() {
        return new ApartLoader(
                Stream.concat(OtherJvm.ownPlaces().stream(), OtherJvm.libraries().stream())
                        .toList(),
                ClassLoader.getPlatformClassLoader());
    }

    @Test
    void file_openThroughAnotherDriver_isRefused() throws Exception {
        try (ApartLoader one = whole();
                ApartLoader other = whole()) {
            try (AutoCloseable store = one.open(file)) {
                assertThat(store).isNotNull();
                assertThatThrownBy(() -> other.open(file)).satisfies(e -> {
                    assertThat(e.getClass().getName()).isEqualTo("dev.fencepost.UnusableStoreException");
                    assertThat(e)
                            .hasMessageContainingAll(
                                    "through another copy of SQLite",
                                    one.loader().toString(),
                                    "load sqlite-jdbc once");
                });
                FolderSnapshot.assertRefusedAt(file, Reason.SECOND_DRIVER, "Close the other store");
                FolderSnapshot.assertRefusedAt(
                        Files.createSymbolicLink(folder.resolve("link.db"), file),
                        Reason.SECOND_DRIVER,
                        "another copy");
                other.open(folder.resolve("b.db")).close();
            }
            other.open(file).close();
            Store.open(file).close();
        }
    }

    @Test
    void file_openThroughASharedDriver_isServed() throws Exception {
        try (ApartLoader libraries = new ApartLoader(OtherJvm.libraries(), ClassLoader.getPlatformClassLoader());
                ApartLoader one = new ApartLoader(OtherJvm.ownPlaces(), libraries.loader());
                ApartLoader other = new ApartLoader(OtherJvm.ownPlaces(), libraries.loader())) {
            try (AutoCloseable first = one.open(file);
                    AutoCloseable second = other.open(file)) {
                assertThat(first.getClass()).isNotEqualTo(second.getClass());
                FolderSnapshot.assertRefusedAt(file, Reason.SECOND_DRIVER, "another copy");
            }
            Store.open(file).close();
        }
    }

    @Test
    void failedOpening_leavesNoUse() throws Exception {
        Path damaged = Files.writeString(folder.resolve("b.db"), "no database");
        try (ApartLoader one = whole()) {
            assertThatThrownBy(() -> one.open(damaged)).hasMessageContaining("not a SQLite database");
            Files.write(damaged, new byte[0]);
            Store.open(damaged).close();
        }
    }

    @Test
    void collectedClassLoader_leavesTheLocksAlone() throws Exception {
        assumeTrue(
                System.getProperty("os.name").equals("Linux")
                        && System.getProperty("os.arch").equals("amd64"),
                "the WAL-index is mapped on Linux on x86-64 only");
        try (WorkerProcess probe = LockProbe.start(file);
                StoreProcess child = new StoreProcess(file)) {
            assertThat(child.ask("get")).startsWith("1@");
            WeakReference<ClassLoader> gone = useAndForget();
            // Java 17 itself refers to the class loader of the last record that was compared, until it compares
            // another.
            useAndForget();
            try (Connection writer = SqlShell.connect(file);
                    Statement statement = writer.createStatement()) {
                statement.execute("BEGIN IMMEDIATE");
                assertThat(probe.ask()).isEqualTo("locked");
                awaitCollection(gone);
                assertThat(probe.ask())
                        .as("after the class loader was collected")
                        .isEqualTo("locked");
                statement.execute("COMMIT");
            }
            assertThat(descriptors()).as("kept for the next store").isEqualTo(1);
            try (Store store = Store.open(file)) {
                assertThat(store.get(Key.text("a"))).isPresent();
                assertThat(descriptors())
                        .as("SQLite's, and the one that was kept")
                        .isEqualTo(2);
            }
        }
        Store.open(file).close();
        assertThat(descriptors()).isZero();
    }

    private WeakReference<ClassLoader> useAndForget() throws Exception {
        try (ApartLoader apart = whole()) {
            apart.open(file).close();
            return new WeakReference<>(apart.loader());
        }
    }

    private static void awaitCollection(WeakReference<ClassLoader> gone) {
        long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
        while (gone.get() != null) {
            System.gc();
            assertThat(System.nanoTime())
                    .as("the class loader is still referred to")
                    .isLessThan(end);
        }
        // Another thread cleans up what the collector enqueued, so a second collection follows.
        System.gc();
    }

    private long descriptors() throws Exception {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return open.filter(link -> {
                        try {
                            return Files.readSymbolicLink(link).toString().startsWith(file + "-shm");
                        } catch (java.io.IOException e) {
                            // Closed since the listing.
                            return false;
                        }
                    })
                    .count();
        }
    }
}
