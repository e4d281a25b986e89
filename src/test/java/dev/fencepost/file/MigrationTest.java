package dev.fencepost.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fencepost.Key;
import dev.fencepost.StorageException;
import dev.fencepost.Store;
import dev.fencepost.StoreConfig;
import dev.fencepost.UnusableStoreException;
import dev.fencepost.UnusableStoreException.Reason;
import dev.fencepost.internal.process.ProcessProbe;
import dev.fencepost.internal.sqlite.Adoption;
import dev.fencepost.internal.sqlite.Schema;
import dev.fencepost.internal.sqlite.StoreFile;
import dev.fencepost.internal.sqlite.StoreOpener;
import dev.fencepost.testing.StoreTest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The migration of an older file when it is opened, in one transaction. The tests use an invented further version. */
class MigrationTest extends StoreTest {
    private static final String LABELS = """
            -- Labels for keys.

            CREATE TABLE labels (
              -- One row for each label.
              key_id INTEGER NOT NULL REFERENCES keys (id),
              label TEXT NOT NULL
            ) STRICT;

            INSERT INTO labels SELECT id, 'old' FROM keys;

            CREATE TRIGGER labels_kept BEFORE DELETE ON labels
            BEGIN
              SELECT RAISE(ABORT, 'fencepost: labels are kept');
            END;
            """;
    private static final int NEWEST = Schema.SHIPPED.migrations().size();
    private static final String BROKEN = "CREATE TABLE half (x TEXT) STRICT;\n\nCREATE TABLE keys (twice);\n";

    private StoreConfig config;

    @BeforeEach
    void makeOldStore() {
        config = StoreConfig.of(file);
        try (Store store = Store.open(file)) {
            store.agent("planner").put(Key.text("a"), "1").orThrow();
        }
    }

    private static Schema with(String... further) {
        List<String> scripts = new ArrayList<>(Schema.SHIPPED.migrations());
        scripts.addAll(List.of(further));
        return new Schema(scripts);
    }

    @Test
    void anOlderFile_isMigratedWithItsRows() {
        StoreFile opened = StoreOpener.open(config, with(LABELS));
        assertThat(opened.path()).isEqualTo(file);
        assertThat(FileDump.query(file, "PRAGMA user_version")).containsExactly("" + (NEWEST + 1));
        assertThat(FileDump.query(file, "SELECT key, label FROM labels JOIN keys ON id = key_id"))
                .containsExactly("a|old");
        assertThat(SqlShell.JDBC.run(file, "DELETE FROM labels")).isPresent();
        // The second opening migrates nothing.
        assertThat(StoreOpener.open(config, with(LABELS)).storeId()).isEqualTo(opened.storeId());
        assertThat(FileDump.query(file, "SELECT count(*) FROM labels")).containsExactly("1");
    }

    @Test
    void olderFile_adopted_isMigratedWithItsRows() {
        Adoption.By operator = new Adoption.By("operator", new ProcessProbe().own());
        String before = StoreOpener.open(config, Schema.SHIPPED).storeId();
        assertThat(Adoption.adopt(config, operator, with(LABELS)).storeId()).isNotEqualTo(before);
        assertThat(FileDump.query(file, "PRAGMA user_version")).containsExactly("" + (NEWEST + 1));
        assertThat(FileDump.query(file, "SELECT key, label FROM labels JOIN keys ON id = key_id"))
                .containsExactly("a|old");
    }

    @Test
    void aNewFile_isMadeOfAllMigrations() {
        Path fresh = folder.resolve("fresh.db");
        StoreOpener.open(StoreConfig.of(fresh), with(LABELS));
        assertThat(FileDump.query(fresh, "PRAGMA user_version")).containsExactly("" + (NEWEST + 1));
        assertThat(FileDump.query(fresh, "SELECT * FROM labels")).isEmpty();
    }

    @Test
    void theOlderLibrary_refusesTheMigratedFile() {
        StoreOpener.open(config, with(LABELS));
        FolderSnapshot.assertRefused(
                file,
                Reason.NEWER_SCHEMA,
                "The file has schema version " + (NEWEST + 1),
                "up to " + NEWEST,
                "Use a newer version");
    }

    @Test
    void failureInTheMiddle_leavesTheOldFileWhole() {
        List<String> before = FileDump.of(file);
        assertThatThrownBy(() -> StoreOpener.open(config, with(LABELS, BROKEN)))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("table keys already exists");
        assertThat(FileDump.of(file)).isEqualTo(before);
        try (Store store = Store.open(file)) {
            assertThat(store.agent("planner").tryPut(Key.text("a"), "2").isCommitted())
                    .isTrue();
            assertThat(store.check().findings()).isEmpty();
        }
    }

    @Test
    void failureWhileCreating_leavesNothingButAFirstPage() {
        Path fresh = folder.resolve("fresh.db");
        assertThatThrownBy(() -> StoreOpener.open(StoreConfig.of(fresh), with(BROKEN)))
                .isInstanceOf(StorageException.class);
        assertThat(FileDump.query(fresh, "SELECT count(*) FROM sqlite_schema")).containsExactly("0");
        Store.open(fresh).close();
    }

    @Test
    void aDamagedOlderFile_isRefusedAndNotMigrated() {
        assertThat(SqlShell.JDBC.run(file, "DROP TRIGGER keys_no_delete")).isEmpty();
        List<String> before = FileDump.of(file);
        assertThatThrownBy(() -> StoreOpener.open(config, with(LABELS)))
                .isInstanceOfSatisfying(
                        UnusableStoreException.class,
                        e -> assertThat(e.reason()).isEqualTo(Reason.DAMAGED))
                .hasMessageContaining("trigger keys_no_delete is missing");
        assertThat(FileDump.of(file)).isEqualTo(before);
    }

    @Test
    void severalAtOnce_migrateOnce() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        CyclicBarrier together = new CyclicBarrier(4);
        List<Future<String>> opened = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            opened.add(threads.submit(() -> {
                together.await();
                return StoreOpener.open(config, with(LABELS)).storeId();
            }));
        }
        for (Future<String> id : opened) {
            assertThat(id.get()).hasSize(32);
        }
        threads.shutdown();
        assertThat(FileDump.query(file, "SELECT label FROM labels")).containsExactly("old");
    }

    @Test
    void file_besideAnOpenOlderStore_isMigrated() {
        try (Store old = Store.open(file)) {
            StoreOpener.open(config, with(LABELS));
            assertThat(old.agent("planner").tryPut(Key.text("a"), "2").isCommitted())
                    .isTrue();
            assertThat(old.get(Key.text("a")).orElseThrow().value()).isEqualTo("2");
        }
    }
}
