package dev.fencepost.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.fencepost.BackupOptions;
import dev.fencepost.BackupReport;
import dev.fencepost.InvalidInputException;
import dev.fencepost.Key;
import dev.fencepost.RestoreOptions;
import dev.fencepost.StorageException;
import dev.fencepost.Store;
import dev.fencepost.StoreConfig;
import dev.fencepost.UnusableStoreException;
import dev.fencepost.UnusableStoreException.Reason;
import dev.fencepost.testing.StoreTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Backups of a store that is in use. */
class BackupTest extends StoreTest {
    private static final Key<String> A = Key.text("a");

    private Path backup = Path.of("");

    @BeforeEach
    void name() {
        backup = folder.resolve("backup ä%20.db");
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(path -> path.getFileName().toString()).sorted().toList();
        }
    }

    private static String valueAt(Path file) {
        return String.join(",", FileDump.query(file, "SELECT value FROM current_values WHERE key = 'a'"));
    }

    @Test
    void backup_whileOthersWrite_holdsOneCommit() {
        try (Store store = Store.open(file);
                StoreProcess child = new StoreProcess(file)) {
            store.agent("planner").put(Key.text("large"), "x".repeat(8_000_000)).orThrow();
            child.ask("1");
            List<Long> steps = new ArrayList<>();
            BackupReport report = store.backup(backup, BackupOptions.defaults().withProgress((pages, total) -> {
                steps.add(pages);
                assertThat(pages).isLessThanOrEqualTo(total);
                child.ask("" + steps.size());
                store.agent("planner").put(Key.text("b"), "" + steps.size()).orThrow();
            }));
            assertThat(steps).hasSizeGreaterThan(4).isSorted();
            assertThat(steps.get(steps.size() - 1)).isEqualTo(report.pages());
            assertThat(report.bytes()).isEqualTo(report.pages() * 4096);
            assertThat(report.position().storeId()).isEqualTo(store.id());
            assertThat(FileDump.query(backup, "SELECT max(sequence) FROM commits"))
                    .containsExactly("" + report.position().sequence());
            assertThat(valueAt(backup)).isEqualTo("1");
            assertThat(store.get(A).orElseThrow().value()).isEqualTo("" + steps.size());
        }
    }

    @Test
    void backup_opened_refusedUntilAdopted() throws IOException {
        try (Store store = Store.open(file)) {
            store.agent("planner").put(A, "1").orThrow();
            store.backup(backup, BackupOptions.defaults());
        }
        Files.delete(file);
        assertThat(SqlShell.JDBC.run(backup, "PRAGMA integrity_check")).isEmpty();
        assertThat(names()).containsExactly(backup.getFileName().toString());
        assertThatThrownBy(() -> Store.open(backup))
                .isInstanceOfSatisfying(
                        UnusableStoreException.class,
                        e -> assertThat(e.reason()).isEqualTo(Reason.COPIED))
                .hasMessageContaining("is a backup");
        Store.adopt(StoreConfig.of(backup), "operator");
        try (Store adopted = Store.open(backup)) {
            assertThat(adopted.get(A)).isPresent();
        }
    }

    @Test
    void backup_nameTaken_refusedUnlessReplacing() throws IOException {
        try (Store store = Store.open(file)) {
            store.agent("planner").put(A, "1").orThrow();
            Files.writeString(backup, "mine");
            assertThatThrownBy(() -> store.backup(backup, BackupOptions.defaults()))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("--force");
            assertThat(Files.readString(backup)).isEqualTo("mine");
            store.backup(backup, BackupOptions.defaults().replacing());
            assertThat(valueAt(backup)).isEqualTo("1");
            for (Path target : List.of(file, folder)) {
                assertThatThrownBy(() ->
                                store.backup(target, BackupOptions.defaults().replacing()))
                        .isInstanceOf(InvalidInputException.class);
            }
            try (Store other = Store.open(folder.resolve("other.db"))) {
                assertThatThrownBy(() -> store.backup(
                                other.file(), BackupOptions.defaults().replacing()))
                        .isInstanceOf(InvalidInputException.class);
            }
            assertThatThrownBy(() -> store.backup(folder.resolve("no/b.db"), BackupOptions.defaults()))
                    .isInstanceOf(InvalidInputException.class);
        }
        assertThat(names()).containsExactly("a.db", backup.getFileName().toString(), "other.db");
    }

    @Test
    void backup_ofDamagedStore_notKept() throws IOException {
        try (Store store = Store.open(file)) {
            store.agent("planner").put(A, "1").orThrow();
        }
        assertThat(SqlShell.JDBC.run(file, "INSERT INTO former_stores SELECT store_id, 1, 'adopt' FROM store"))
                .isEmpty();
        try (Store store = Store.open(file)) {
            assertThatThrownBy(() -> store.backup(backup, BackupOptions.defaults()))
                    .isInstanceOf(UnusableStoreException.class)
                    .hasMessageContaining("also a former one");
            assertThat(names()).noneMatch(name -> name.startsWith("backup"));
        }
    }

    @Test
    void backup_progressThrows_leavesNothing() throws IOException {
        try (Store store = Store.open(file)) {
            store.agent("planner").put(A, "1").orThrow();
            assertThatThrownBy(() ->
                            store.backup(backup, BackupOptions.defaults().withProgress((pages, total) -> {
                                throw new IllegalStateException("enough");
                            })))
                    .hasMessage("enough");
            assertThat(names()).noneMatch(name -> name.startsWith("backup"));
            assertThat(store.get(A)).isPresent();
        }
    }

    @Test
    void backup_diskFull_leavesNothing() throws Exception {
        assumeTrue(TestMounts.mayMount(), "Only root may mount a small file system");
        Path small = Files.createDirectory(folder.resolve("small"));
        try (TestMounts mounts = new TestMounts();
                Store store = Store.open(file)) {
            mounts.small(small, "1m");
            store.agent("planner").put(A, "x".repeat(4_000_000)).orThrow();
            Path target = small.resolve("b.db");
            assertThatThrownBy(() -> store.backup(target, BackupOptions.defaults()))
                    .isInstanceOf(StorageException.class)
                    .hasMessageContaining("full");
            assertThat(small).isEmptyDirectory();
        }
    }

    @Test
    void backup_hasTheModeOfItsStore() throws IOException {
        try (Store store = Store.open(file)) {
            store.agent("planner").put(A, "1").orThrow();
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
            store.backup(backup, BackupOptions.defaults());
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(backup)))
                    .isEqualTo("rw-r-----");
        }
        Path elsewhere = folder.resolve("new.db");
        Store.restore(StoreConfig.of(elsewhere), backup, RestoreOptions.by("operator"));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(elsewhere)))
                .isEqualTo("rw-r-----");
    }
}
