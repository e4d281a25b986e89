package dev.fencepost.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.fencepost.Agent;
import dev.fencepost.Key;
import dev.fencepost.Prefix;
import dev.fencepost.StorageException;
import dev.fencepost.Store;
import dev.fencepost.StoreClosedException;
import dev.fencepost.StoreConfig;
import dev.fencepost.UnusableStoreException;
import dev.fencepost.UnusableStoreException.Reason;
import dev.fencepost.WriteLockTimeoutException;
import dev.fencepost.testing.ExternalProgram;
import dev.fencepost.testing.StoreTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/** Faults of the machine and its file system. Each is one typed error, and the store goes on when the cause is gone. */
class FaultsTest extends StoreTest {
    private static final Key<String> A = Key.text("a");

    private final TestMounts mounts = new TestMounts();

    @AfterEach
    void unmount() {
        mounts.close();
    }

    private void makeStore() {
        try (Store store = Store.open(file)) {
            store.agent("planner").put(A, "1").orThrow();
        }
    }

    @Test
    void readOnlyFile_isRefused() {
        makeStore();
        mounts.readOnly(file);
        FolderSnapshot.assertRefused(
                file, Reason.READ_ONLY, "'" + file + "' or its folder is not writable", "Grant this user");
        mounts.close();
        Store.open(file).close();
    }

    @Test
    void readOnlyFolder_isRefused() {
        makeStore();
        mounts.readOnly(folder);
        FolderSnapshot.assertRefused(file, Reason.READ_ONLY, "or its folder is not writable");
        FolderSnapshot.assertRefused(folder.resolve("new.db"), Reason.READ_ONLY, "or its folder is not writable");
    }

    @Test
    void fullDisk_isAnErrorAndPasses() throws IOException {
        Path small = Files.createDirectory(folder.resolve("small"));
        mounts.small(small, "3m");
        Path ballast = Files.write(small.resolve("ballast"), new byte[1_000_000]);
        try (Store store = Store.open(small.resolve("a.db"))) {
            Agent planner = store.agent("planner");
            planner.put(A, "before").orThrow();
            int written = 0;
            Throwable full = null;
            while (full == null && written < 100) {
                Key<String> key = Key.text("k/" + written);
                full = catchThrowable(
                        () -> planner.put(key, "x".repeat(100_000)).orThrow());
                written++;
            }
            assertThat(full).isInstanceOf(StorageException.class).hasMessageContaining("The disk is full");
            int acknowledged = written - 1;
            assertThat(store.get(A).orElseThrow().value()).isEqualTo("before");
            assertThat(store.list(Prefix.text("k/"))).hasSize(acknowledged);
            Files.delete(ballast);
            planner.put(A, "after").orThrow();
            assertThat(store.get(A).orElseThrow().value()).isEqualTo("after");
            assertThat(store.list(Prefix.text("k/"))).hasSize(acknowledged);
            assertThat(store.check().findings()).isEmpty();
        }
    }

    @Test
    void diskFullToTheBrim_isAnErrorAndPasses() throws IOException {
        Path small = Files.createDirectory(folder.resolve("small"));
        mounts.small(small, "3m");
        try (Store store = Store.open(small.resolve("a.db"))) {
            Agent planner = store.agent("planner");
            planner.put(A, "before").orThrow();
            Path ballast = small.resolve("ballast");
            assertThatThrownBy(() -> Files.write(ballast, new byte[4_000_000])).isInstanceOf(IOException.class);
            for (int i = 0; i < 3; i++) {
                assertThatThrownBy(() -> planner.put(A, "x".repeat(10_000)).orThrow())
                        .isInstanceOf(StorageException.class)
                        .hasMessageContaining("The disk is full");
            }
            assertThat(store.get(A).orElseThrow().value()).isEqualTo("before");
            Files.delete(ballast);
            assertThat(planner.put(A, "after").orThrow().version()).isEqualTo(2);
            assertThat(store.check().findings()).isEmpty();
        }
    }

    @Test
    void fullDiskWhileCreating_isAnErrorAndPasses() throws IOException {
        Path small = Files.createDirectory(folder.resolve("small"));
        mounts.small(small, "64k");
        assertThatThrownBy(() -> Store.open(small.resolve("a.db")))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("The disk is full");
        mounts.close();
        mounts.small(small, "3m");
        Store.open(small.resolve("a.db")).close();
    }

    @Test
    void writeLockHeldByAnother_isBusyAndLosesNothing() throws Exception {
        makeStore();
        StoreConfig config = StoreConfig.of(file).withWriteLockTimeout(Duration.ofMillis(50));
        try (Store store = Store.open(config);
                Connection other = SqlShell.connect(file);
                Statement statement = other.createStatement()) {
            statement.execute("BEGIN IMMEDIATE");
            for (Future<Throwable> failure :
                    inThreads(() -> store.agent("planner").put(A, "2").orThrow())) {
                assertThat(failure.get())
                        .isInstanceOfSatisfying(
                                WriteLockTimeoutException.class,
                                e -> assertThat(e.retryable()).isTrue())
                        .hasMessageContainingAll("held the write lock", "and retry");
            }
            assertThat(store.get(A).orElseThrow().version()).isEqualTo(1);
            statement.execute("ROLLBACK");
            assertThat(store.agent("planner").put(A, "2").orThrow().version()).isEqualTo(2);
            assertThat(store.history().of(A, 9)).hasSize(2);
            assertThat(store.check().findings()).isEmpty();
        }
    }

    /** A commit that needs no transaction, since no other process has written since. */
    @Test
    void writeLockHeldByAnother_isBusyForASingleStatementToo() throws Exception {
        StoreConfig config = StoreConfig.of(file).withWriteLockTimeout(Duration.ofMillis(50));
        try (Store store = Store.open(config);
                Connection other = SqlShell.connect(file);
                Statement statement = other.createStatement()) {
            for (int version = 1; version <= 5; version++) {
                assertThat(store.agent("planner").put(A, "mine").orThrow().version())
                        .isEqualTo(version);
                if (version > 2) {
                    statement.execute("BEGIN IMMEDIATE");
                    assertThatThrownBy(() -> store.agent("planner").tryPut(A, "no"))
                            .isInstanceOf(WriteLockTimeoutException.class);
                    statement.execute("ROLLBACK");
                }
            }
        }
    }

    @Test
    void renamedUnderASingleStatement_isRefused() throws Exception {
        try (Store store = Store.open(file)) {
            for (int version = 1; version <= 3; version++) {
                store.agent("planner").put(A, "" + version).orThrow();
            }
            ExternalProgram.output("mv", file.toString(), folder + "/elsewhere.db");
            for (int i = 0; i < 3; i++) {
                assertThatThrownBy(() -> store.agent("planner").tryPut(A, "no"))
                        .isInstanceOfSatisfying(
                                UnusableStoreException.class,
                                e -> assertThat(e.reason()).isEqualTo(Reason.REPLACED));
            }
            ExternalProgram.output("mv", folder + "/elsewhere.db", file.toString());
        }
        try (Store store = Store.open(file)) {
            assertThat(store.get(A).orElseThrow().value()).isEqualTo("3");
        }
    }

    private static List<Future<Throwable>> inThreads(ThrowingCallable work) {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        List<Future<Throwable>> failures = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            failures.add(threads.submit(() -> catchThrowable(work)));
        }
        threads.shutdown();
        return failures;
    }

    @Test
    void olderCopy_underOpenStore_isReportedAsHistoryWentBack() throws Exception {
        makeStore();
        Path older = Files.copy(file, folder.resolve("older.db"));
        try (Store store = Store.open(file)) {
            for (int i = 0; i < 5; i++) {
                store.agent("planner").put(A, "later " + i).orThrow();
            }
            assertThat(SqlShell.JDBC.run(file, "PRAGMA wal_checkpoint(TRUNCATE)"))
                    .isEmpty();
            ExternalProgram.output("cp", older.toString(), file.toString());
            assertThat(SqlShell.JDBC.run(file, "INSERT INTO current_values (key, value) VALUES ('b', '1')"))
                    .isEmpty();
            for (ThrowingCallable verb : List.<ThrowingCallable>of(
                    () -> store.get(A),
                    () -> store.agent("planner").put(A, "x").orThrow(),
                    () -> store.agent("planner").transact(tx -> tx.get(A)))) {
                assertThatThrownBy(verb)
                        .isInstanceOfSatisfying(
                                UnusableStoreException.class,
                                e -> assertThat(e.reason()).isEqualTo(Reason.HISTORY_WENT_BACK))
                        .hasMessageContainingAll("has seen commit 6", "ends with commit 2", "keep a copy");
            }
        }
    }

    @Test
    void unreadableWal_isAnError_untilItIsRestored() throws Exception {
        makeStore();
        try (Store store = Store.open(file)) {
            store.agent("planner").put(A, "2").orThrow();
            assertThat(store.get(A)).isPresent();
            store.agent("planner").put(A, "3").orThrow();
            ExternalProgram.output("cp", file + "-wal", folder + "/kept");
            ExternalProgram.output("truncate", "-s", "0", file + "-wal");
            for (int i = 0; i < 3; i++) {
                assertThatThrownBy(() -> store.get(A))
                        .isInstanceOf(StorageException.class)
                        .hasMessageContaining("disk I/O error");
            }
            ExternalProgram.output("cp", folder + "/kept", file + "-wal");
            assertThat(store.get(A).orElseThrow().value()).isEqualTo("3");
            assertThat(store.agent("planner").put(A, "4").orThrow().version()).isEqualTo(4);
            assertThat(store.check().findings()).isEmpty();
        }
    }

    @RepeatedTest(10)
    void closingUnderManyReaders_endsThemAll() throws Exception {
        makeStore();
        long descriptors = descriptors();
        Store store = Store.open(file);
        ExecutorService threads = Executors.newFixedThreadPool(12);
        CountDownLatch reading = new CountDownLatch(12);
        List<Future<Throwable>> readers = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            readers.add(threads.submit(() -> catchThrowable(() -> {
                while (true) {
                    assertThat(store.list(Prefix.text(""))).hasSize(1);
                    reading.countDown();
                }
            })));
        }
        reading.await();
        store.close();
        for (Future<Throwable> reader : readers) {
            assertThat(reader.get(1, TimeUnit.MINUTES)).isInstanceOf(StoreClosedException.class);
        }
        threads.shutdown();
        assertThat(descriptors()).isLessThanOrEqualTo(descriptors + 2);
    }

    @Test
    void beingRefused_leaksNothing() throws IOException {
        makeStore();
        assertThat(SqlShell.JDBC.run(file, "DROP TRIGGER keys_no_delete")).isEmpty();
        long descriptors = descriptors();
        for (int i = 0; i < 100; i++) {
            assertThatThrownBy(() -> Store.open(file)).isInstanceOf(UnusableStoreException.class);
        }
        assertThat(descriptors()).isLessThanOrEqualTo(descriptors + 5);
    }

    private static long descriptors() throws IOException {
        try (var open = Files.list(Path.of("/proc/self/fd"))) {
            return open.count();
        }
    }
}
