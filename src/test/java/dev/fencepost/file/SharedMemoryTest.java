package dev.fencepost.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.fencepost.Key;
import dev.fencepost.Store;
import dev.fencepost.StoreConfig;
import dev.fencepost.UnusableStoreException;
import dev.fencepost.UnusableStoreException.Reason;
import dev.fencepost.testing.StoreTest;
import dev.fencepost.testing.WorkerProcess;
import java.io.IOException;
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
 * The file of SQLite's shared memory, which this library opens too. Closing any descriptor of it drops all locks of
 * this process on it. So these tests check when the file is opened and closed, and that the locks are still held.
 */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SharedMemoryTest extends StoreTest {
    private static final Key<String> A = Key.text("a");

    @BeforeEach
    void create() {
        assumeTrue(
                System.getProperty("os.name").equals("Linux")
                        && System.getProperty("os.arch").equals("amd64"),
                "the WAL-index is mapped on Linux on x86-64 only");
        try (Store store = Store.open(file)) {
            store.agent("planner").put(A, "1").orThrow();
        }
    }

    @Test
    void closingStore_keepsOtherLocksOfTheProcess() throws Exception {
        try (WorkerProcess probe = LockProbe.start(file)) {
            Store one = Store.open(file);
            Store other = Store.open(file);
            assertThat(one.get(A)).isPresent();
            assertThat(other.get(A)).isPresent();
            assertThat(probe.ask()).isEqualTo("free");
            try (Connection writer = SqlShell.connect(file);
                    Statement statement = writer.createStatement()) {
                statement.execute("BEGIN IMMEDIATE");
                assertThat(probe.ask()).isEqualTo("locked");
                one.close();
                assertThat(probe.ask()).as("after the first store was closed").isEqualTo("locked");
                other.close();
                assertThat(probe.ask()).as("after the last store was closed").isEqualTo("locked");
                Store.open(file).close();
                assertThat(probe.ask()).as("after one was opened again").isEqualTo("locked");
                statement.execute("COMMIT");
                assertThat(probe.ask()).isEqualTo("free");
            }
        }
        // The last connection was not the library's, so the next opening detects its leftovers.
        Store.open(file).close();
        assertNothingLeftOpen();
    }

    @Test
    void interruptedThread_opensStore_withoutLosingLocks() throws Exception {
        try (WorkerProcess probe = LockProbe.start(file);
                Connection writer = SqlShell.connect(file);
                Statement statement = writer.createStatement()) {
            statement.execute("BEGIN IMMEDIATE");
            Thread.currentThread().interrupt();
            try (Store store = Store.open(file)) {
                assertThat(Thread.interrupted()).as("the flag is kept").isTrue();
                assertThat(probe.ask()).isEqualTo("locked");
                assertThat(store.get(A)).isPresent();
                assertThat(descriptors())
                        .as("SQLite's, and the one that was mapped")
                        .isEqualTo(2);
            }
            assertThat(probe.ask()).isEqualTo("locked");
        }
    }

    @Test
    void repeatedOpening_besideAnotherProcess_reusesOneDescriptor() throws Exception {
        try (StoreProcess child = new StoreProcess(file)) {
            assertThat(child.ask("2")).isEqualTo("version 2");
            for (int i = 0; i < 300; i++) {
                try (Store store = Store.open(file)) {
                    assertThat(store.get(A)).isPresent();
                }
            }
            assertThat(descriptors())
                    .as("kept for the next store that opens the file")
                    .isEqualTo(1);
            assertThat(child.ask("get")).startsWith("2@");
        }
        assertThat(descriptors()).isEqualTo(1);
        Store.open(file).close();
        assertNothingLeftOpen();
    }

    @Test
    void severalStores_shareOneDescriptor() throws Exception {
        try (Store one = Store.open(file);
                Store other = Store.open(file)) {
            assertThat(one.get(A)).isPresent();
            assertThat(other.get(A)).isPresent();
            assertThat(descriptors())
                    .as("SQLite's, and the one that was mapped")
                    .isEqualTo(2);
            assertThat(descriptors("-wal")).as("one for each connection").isGreaterThan(2);
        }
        assertNothingLeftOpen();
    }

    @Test
    void turnedOff_nothingIsOpened() throws Exception {
        try (Store store = Store.open(StoreConfig.of(file).withMappedWalIndex(false))) {
            assertThat(store.get(A)).isPresent();
            assertThat(store.get(A)).isPresent();
            assertThat(descriptors()).as("SQLite's").isEqualTo(1);
        }
        assertNothingLeftOpen();
    }

    @Test
    void aClosedStore_isUnmappedByTheGarbageCollector() throws Exception {
        Store store = Store.open(file);
        assertThat(store.get(A)).isPresent();
        store.close();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (Files.readString(Path.of("/proc/self/maps")).contains(file + "-shm")) {
            System.gc();
            assertThat(System.nanoTime()).isLessThan(end);
        }
        assertThatThrownBy(() -> store.get(A)).isInstanceOf(dev.fencepost.StoreClosedException.class);
    }

    @Test
    void removedUnderAnotherStoreOfTheProcess_isRefused() throws Exception {
        try (Store one = Store.open(file)) {
            assertThat(one.get(A)).isPresent();
            Files.delete(Path.of(file + "-shm"));
            assertThatThrownBy(() -> Store.open(file).close())
                    .isInstanceOfSatisfying(
                            UnusableStoreException.class,
                            e -> assertThat(e.reason()).isEqualTo(Reason.REPLACED))
                    .hasMessageContainingAll("another store of this process", "open the file again");
            FolderSnapshot.awaitRefusal(() -> one.get(A));
        }
        Store.open(file).close();
        assertNothingLeftOpen();
    }

    private void assertNothingLeftOpen() throws IOException {
        assertThat(descriptors()).isZero();
        assertThat(FolderSnapshot.names(folder)).containsExactly("a.db");
    }

    /** Returns the number of descriptors of the file that this process has. */
    private long descriptors() throws IOException {
        return descriptors("-shm");
    }

    private long descriptors(String suffix) throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return open.filter(link -> target(link).startsWith(file + suffix)).count();
        }
    }

    private static String target(Path link) {
        try {
            return Files.readSymbolicLink(link).toString();
        } catch (IOException e) {
            // Closed since the listing, as the descriptor of the listing itself.
            return "";
        }
    }
}
