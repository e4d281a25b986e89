package dev.fencepost.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fencepost.AdoptionReport;
import dev.fencepost.BackupOptions;
import dev.fencepost.Claim;
import dev.fencepost.ClaimToken;
import dev.fencepost.Freshness;
import dev.fencepost.InvalidInputException;
import dev.fencepost.Key;
import dev.fencepost.Lease;
import dev.fencepost.LostHistoryException;
import dev.fencepost.Position;
import dev.fencepost.RestoreOptions;
import dev.fencepost.Store;
import dev.fencepost.StoreConfig;
import dev.fencepost.UnusableStoreException;
import dev.fencepost.WriteLockTimeoutException;
import dev.fencepost.testing.StoreTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Restores of backups into the place of a store. */
class RestoreTest extends StoreTest {
    private static final Key<String> A = Key.text("a");
    private static final Lease LEASE = Lease.withoutHeartbeats(Duration.ofHours(1));
    private static final RestoreOptions OPTIONS = RestoreOptions.by("operator");

    private Path backup = Path.of("");
    private StoreConfig config;

    @BeforeEach
    void name() {
        backup = folder.resolve("backup.db");
        config = StoreConfig.of(file).withWriteLockTimeout(Duration.ofMillis(100));
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(path -> path.getFileName().toString()).sorted().toList();
        }
    }

    private void put(Path store, String value) {
        try (Store open = Store.open(store)) {
            open.agent("planner").put(A, value).orThrow();
        }
    }

    private void makeBackup() {
        try (Store store = Store.open(file)) {
            store.backup(backup, BackupOptions.defaults());
        }
    }

    @Test
    void restore_afterMoreCommits_bringsTheBackup() throws IOException {
        put(file, "1");
        makeBackup();
        byte[] bytes = Files.readAllBytes(backup);
        put(file, "2");
        Position lost;
        try (Store store = Store.open(file)) {
            lost = store.position();
        }
        AdoptionReport report = Store.restore(config, backup, OPTIONS);
        assertThat(report.file()).isEqualTo(file);
        assertThat(report.epochsKnown()).isTrue();
        assertThat(Files.readAllBytes(backup)).isEqualTo(bytes);
        assertThat(names()).containsExactly("a.db", "backup.db");
        try (Store store = Store.open(file)) {
            assertThat(store.id()).isEqualTo(report.storeId()).isNotEqualTo(report.formerId());
            assertThat(store.get(A).orElseThrow().value()).isEqualTo("1");
            store.agent("planner").put(A, "3").orThrow();
            store.agent("planner").put(A, "4").orThrow();
            assertThatThrownBy(() -> store.get(A, Freshness.atLeast(lost)))
                    .isInstanceOf(LostHistoryException.class)
                    .hasMessageContaining("'restore'");
            assertThat(store.check().findings()).isEmpty();
        }
    }

    @Test
    void tokens_ofTheBackupAndOfTheReplacedFile_refused() {
        ClaimToken held;
        ClaimToken later;
        long epoch = 0;
        try (Store store = Store.open(file)) {
            held = store.agent("worker").claim(A, LEASE).orThrow().token();
            store.backup(backup, BackupOptions.defaults());
            store.agent("operator").revoke(A);
            for (int i = 0; i < 5; i++) {
                epoch = release(store, A);
                release(store, Key.text("new"));
            }
            later = store.agent("worker")
                    .claim(Key.text("newer"), LEASE)
                    .orThrow()
                    .token();
        }
        AdoptionReport report = Store.restore(config, backup, OPTIONS);
        assertThat(report.endedClaims()).isEqualTo(1);
        try (Store store = Store.open(file)) {
            for (ClaimToken token : List.of(held, later)) {
                assertThatThrownBy(() -> store.agent("worker").resume(token)).isInstanceOf(LostHistoryException.class);
            }
            assertThat(release(store, A)).isGreaterThan(epoch);
            assertThat(release(store, Key.text("new"))).isGreaterThan(5);
            assertThat(release(store, Key.text("newer"))).isGreaterThan(1);
            assertThat(store.check().findings()).isEmpty();
        }
    }

    private static long release(Store store, Key<String> key) {
        try (Claim claim = store.agent("worker").claim(key, LEASE).orThrow()) {
            return claim.epoch(key);
        }
    }

    @Test
    void restore_overARestoredStore_remembersAllHistories() {
        put(file, "1");
        makeBackup();
        String first = Store.restore(config, backup, OPTIONS).formerId();
        put(file, "2");
        String second;
        try (Store store = Store.open(file)) {
            second = store.id();
        }
        Store.restore(config, backup, OPTIONS);
        try (Store store = Store.open(file)) {
            for (String id : List.of(first, second)) {
                assertThatThrownBy(() -> store.get(A, Freshness.atLeast(new Position(id, 1))))
                        .isInstanceOf(LostHistoryException.class);
            }
        }
    }

    @Test
    void restore_overAnOpenStore_refused() {
        put(file, "1");
        makeBackup();
        try (StoreProcess child = new StoreProcess(file)) {
            assertThat(child.ask("2")).isEqualTo("version 2");
            assertThatThrownBy(() -> Store.restore(config, backup, OPTIONS))
                    .isInstanceOf(WriteLockTimeoutException.class);
            assertThat(child.ask("3")).isEqualTo("version 3");
        }
        try (Store store = Store.open(file)) {
            assertThatThrownBy(() -> Store.restore(config, backup, OPTIONS))
                    .isInstanceOf(WriteLockTimeoutException.class);
            assertThat(store.get(A).orElseThrow().value()).isEqualTo("3");
        }
        Store.restore(config, backup, OPTIONS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"killed", "backup", "vacuum", "copy"})
    void restore_ofAnyCopy_overAKilledStore(String means) throws IOException {
        put(file, "1");
        Path killed = folder.resolve("killed.db");
        try (Store store = Store.open(file)) {
            if (means.equals("backup")) {
                store.backup(backup, BackupOptions.defaults());
            } else if (means.equals("vacuum")) {
                assertThat(SqlShell.JDBC.run(file, "VACUUM INTO '" + backup + "'"))
                        .isEmpty();
            } else {
                Copies.outside(file, backup);
                Copies.outside(Path.of(file + "-wal"), Path.of(backup + "-wal"));
            }
            store.agent("planner").put(A, "2").orThrow();
            Copies.outside(file, killed);
            Copies.outside(Path.of(file + "-wal"), Path.of(killed + "-wal"));
        }
        StoreConfig place = StoreConfig.of(means.equals("killed") ? killed : file);
        Store.restore(place, backup, OPTIONS);
        try (Store store = Store.open(place.file())) {
            assertThat(store.get(A).orElseThrow().value()).isEqualTo("1");
            assertThat(store.check().findings()).isEmpty();
        }
    }

    @Test
    void restore_withoutStore_createsOne() throws IOException {
        put(file, "1");
        makeBackup();
        Path elsewhere = Files.createDirectory(folder.resolve("new")).resolve("b.db");
        AdoptionReport report = Store.restore(StoreConfig.of(elsewhere), backup, OPTIONS);
        assertThat(report.epochsKnown()).isFalse();
        try (Store store = Store.open(elsewhere)) {
            assertThat(store.get(A).orElseThrow().value()).isEqualTo("1");
        }
        try (Store original = Store.open(file)) {
            assertThat(original.id()).isEqualTo(report.formerId());
        }
    }

    @Test
    void restore_overForeignFile_requiresForce() throws IOException {
        put(file, "1");
        makeBackup();
        for (String content : List.of("", "This is no database, or one whose first page is lost. ".repeat(200))) {
            Files.writeString(file, content);
            Files.writeString(Path.of(file + "-wal"), "This is no log. ".repeat(10));
            assertThatThrownBy(() -> Store.restore(config, backup, OPTIONS))
                    .isInstanceOf(UnusableStoreException.class)
                    .hasMessageContaining("--force");
            assertThat(Files.readString(file)).isEqualTo(content);
            assertThat(Store.restore(config, backup, OPTIONS.forced()).epochsKnown())
                    .isFalse();
            assertThat(names()).containsExactly("a.db", "backup.db");
            try (Store store = Store.open(file)) {
                assertThat(store.get(A)).isPresent();
            }
        }
    }

    @Test
    void restore_ofABackupBesideAnotherLog_leavesTheStore() throws IOException {
        put(file, "1");
        makeBackup();
        put(file, "2");
        Path other = folder.resolve("other.db");
        try (Store store = Store.open(other)) {
            store.agent("planner").put(A, "of another store");
            Copies.outside(Path.of(other + "-wal"), Path.of(backup + "-wal"));
        }
        assertThatThrownBy(() -> Store.restore(config, backup, OPTIONS))
                .isInstanceOfSatisfying(
                        UnusableStoreException.class,
                        e -> assertThat(e.reason()).isEqualTo(UnusableStoreException.Reason.FOREIGN_LOG));
        try (Store store = Store.open(file)) {
            assertThat(store.get(A).orElseThrow().value()).isEqualTo("2");
        }
    }

    /** The backup has rows that contradict each other, which only a check of all rows finds. */
    @Test
    void restore_ofADamagedBackup_leavesTheStore() throws Exception {
        put(file, "0");
        put(file, "1");
        makeBackup();
        put(file, "2");
        DamageIsFoundTest.damage(backup, "UPDATE log SET previous_id = NULL WHERE id = 2");
        assertThatThrownBy(() -> Store.restore(config, backup, OPTIONS))
                .isInstanceOf(UnusableStoreException.class)
                .hasMessageContaining("is damaged, and was deleted");
        assertThat(names()).containsExactly("a.db", "backup.db");
        try (Store store = Store.open(file)) {
            assertThat(store.get(A).orElseThrow().value()).isEqualTo("2");
        }
    }

    @Test
    void restore_ofInvalidBackup_leavesTheStore() throws IOException {
        put(file, "1");
        makeBackup();
        Path text = Files.writeString(folder.resolve("text"), "no database".repeat(100));
        Path foreign = folder.resolve("foreign.db");
        assertThat(SqlShell.JDBC.run(foreign, "CREATE TABLE t (x)")).isEmpty();
        Path cut = folder.resolve("cut.db");
        byte[] bytes = Files.readAllBytes(backup);
        Files.write(cut, Arrays.copyOf(bytes, bytes.length / 2));
        for (Path bad : List.of(text, foreign, cut)) {
            assertThatThrownBy(() -> Store.restore(config, bad, OPTIONS))
                    .as(bad.toString())
                    .isInstanceOf(UnusableStoreException.class);
        }
        for (Path bad : List.of(file, folder, folder.resolve("missing.db"))) {
            assertThatThrownBy(() -> Store.restore(config, bad, OPTIONS))
                    .as(bad.toString())
                    .isInstanceOf(InvalidInputException.class);
        }
        assertThat(names()).noneMatch(name -> name.contains("restore-"));
        try (Store store = Store.open(file)) {
            assertThat(store.get(A).orElseThrow().value()).isEqualTo("1");
        }
    }
}
