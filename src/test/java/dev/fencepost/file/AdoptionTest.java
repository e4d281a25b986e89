package dev.fencepost.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fencepost.AdoptionReport;
import dev.fencepost.Agent;
import dev.fencepost.Claim;
import dev.fencepost.ClaimToken;
import dev.fencepost.CommitId;
import dev.fencepost.Freshness;
import dev.fencepost.Key;
import dev.fencepost.Lease;
import dev.fencepost.LostHistoryException;
import dev.fencepost.Position;
import dev.fencepost.RestoreOptions;
import dev.fencepost.Snapshot;
import dev.fencepost.Store;
import dev.fencepost.StoreConfig;
import dev.fencepost.UnusableStoreException;
import dev.fencepost.UnusableStoreException.Reason;
import dev.fencepost.WriteBatch;
import dev.fencepost.WriteLockTimeoutException;
import dev.fencepost.testing.StoreTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Copies of a store, which are recognized when they are opened, and adopted as separate stores. */
class AdoptionTest extends StoreTest {
    private static final Key<String> A = Key.text("a");
    private static final Lease LEASE = Lease.of(Duration.ofMinutes(1));

    /** A way to copy an open store without this library. */
    enum Means {
        BACKUP("VACUUM INTO '%s'"),
        FILES("");

        private final String sql;

        Means(String sql) {
            this.sql = sql;
        }

        void copy(Path from, Path to) throws IOException {
            if (sql.isEmpty()) {
                Copies.outside(from, to);
                Copies.outside(Path.of(from + "-wal"), Path.of(to + "-wal"));
            } else {
                assertThat(SqlShell.JDBC.run(from, String.format(sql, to))).isEmpty();
            }
        }
    }

    private Path copy = Path.of("");

    @BeforeEach
    void name() {
        copy = folder.resolve("copy of ä.db");
    }

    private static StoreConfig config(Path file) {
        return StoreConfig.of(file).withWriteLockTimeout(Duration.ofMillis(100));
    }

    private static void assertRefused(Path file, Reason reason, String words) {
        assertThatThrownBy(() -> Store.open(file))
                .isInstanceOfSatisfying(
                        UnusableStoreException.class,
                        e -> assertThat(e.reason()).isEqualTo(reason))
                .hasMessageContaining(words);
    }

    @ParameterizedTest
    @EnumSource
    void copy_originalInPlace_refusedUntilAdopted(Means means) throws IOException {
        String id;
        try (Store store = Store.open(file)) {
            store.agent("planner").put(A, "1").orThrow();
            id = store.id();
            means.copy(file, copy);
            assertRefused(copy, Reason.COPIED, "fencepost adopt --store " + copy);
        }
        byte[] before = Files.readAllBytes(copy);
        assertRefused(copy, Reason.COPIED, file.toString());
        assertThat(Files.readAllBytes(copy)).isEqualTo(before);
        AdoptionReport report = Store.adopt(config(copy), "operator");
        assertThat(report.formerId()).isEqualTo(id);
        try (Store adopted = Store.open(copy);
                Store original = Store.open(file)) {
            assertThat(adopted.id()).isEqualTo(report.storeId()).isNotEqualTo(id);
            assertThat(original.id()).isEqualTo(id);
            assertThat(adopted.get(A).orElseThrow().value()).isEqualTo("1");
            adopted.agent("planner").put(A, "2").orThrow();
            assertThat(adopted.check().findings()).isEmpty();
        }
    }

    @Test
    void copy_originalGone_opensAsTheMovedStore() throws IOException {
        try (Store store = Store.open(file)) {
            store.agent("planner").put(A, "1").orThrow();
        }
        Files.move(file, copy);
        try (Store moved = Store.open(copy)) {
            moved.agent("planner").put(A, "2").orThrow();
        }
        // The store has recorded its new place, so now the file at the old place is the copy.
        Files.copy(copy, file);
        assertRefused(file, Reason.COPIED, copy.toString());
        assertThat(Store.open(copy)).satisfies(Store::close);
    }

    @ParameterizedTest
    @ValueSource(strings = {"adopt", "restore"})
    void copy_originalOfALaterHistory_refusedUntilAdopted(String how) throws IOException {
        try (Store store = Store.open(file)) {
            store.agent("planner").put(A, "1").orThrow();
        }
        Files.copy(file, copy);
        if (how.equals("adopt")) {
            Store.adopt(config(file), "operator");
        } else {
            Store.restore(config(file), copy, RestoreOptions.by("operator"));
        }
        assertRefused(copy, Reason.COPIED, "an earlier history of the store '" + file + "'");
        Store.adopt(config(copy), "operator");
        Store.open(copy).close();
    }

    @Test
    void file_reachedBySeveralPaths_isNoCopy() throws IOException {
        try (Store store = Store.open(file)) {
            store.agent("planner").put(A, "1").orThrow();
            Files.createSymbolicLink(copy, file);
            try (Store linked = Store.open(copy)) {
                assertThat(linked.get(A)).isPresent();
            }
        }
        Files.delete(copy);
        Files.move(file, copy);
        Files.createSymbolicLink(file, copy);
        try (Store store = Store.open(copy)) {
            assertThat(store.get(A)).isPresent();
        }
    }

    @Test
    void place_takenByAnotherStore_makesNoCopy() throws IOException {
        try (Store store = Store.open(file)) {
            store.agent("planner").put(A, "1").orThrow();
        }
        Files.move(file, copy);
        try (Store other = Store.open(file);
                Store moved = Store.open(copy)) {
            assertThat(moved.id()).isNotEqualTo(other.id());
        }
        Files.delete(file);
        Files.writeString(
                file, "This is no database, but a text that is longer than a header of one, which has 100 bytes.\n");
        Store.open(copy).close();
    }

    @Test
    void claims_beforeAdoption_endAndAreRefusedForGood() {
        ClaimToken token;
        long epoch;
        try (Store store = Store.open(file)) {
            Claim claim = store.agent("worker")
                    .claim(A, Lease.withoutHeartbeats(Duration.ofHours(1)))
                    .orThrow();
            store.agent("worker").claim(Key.text("released"), LEASE).orThrow().release();
            token = claim.token();
            epoch = claim.epoch(A);
        }
        AdoptionReport report = Store.adopt(config(file), "operator");
        assertThat(report.endedClaims()).isEqualTo(1);
        assertThat(report.epochsKnown()).isFalse();
        for (int round = 0; round < 2; round++) {
            try (Store store = Store.open(file)) {
                assertThat(store.claims()).isEmpty();
                assertThatThrownBy(() -> store.agent("worker").resume(token))
                        .isInstanceOf(LostHistoryException.class)
                        .hasMessageContaining(token.storeId())
                        .hasMessageContaining("'adopt'");
                try (Claim anew = store.agent("worker").claim(A, LEASE).orThrow()) {
                    assertThat(anew.epoch(A)).isGreaterThan(epoch + 1);
                }
                assertThat(store.check().findings()).isEmpty();
            }
        }
        assertThat(FileDump.query(
                        file, "SELECT key, end_reason, ended_by FROM claim_history ORDER BY claim_id LIMIT 2"))
                .containsExactly("a|revoked|operator", "released|released|worker");
    }

    @Test
    void positionsAndSnapshots_beforeAdoption_refusedForGood() {
        Position position;
        Snapshot snapshot;
        Claim claim;
        try (Store store = Store.open(file)) {
            store.agent("planner").put(A, "1").orThrow();
            position = store.position();
            snapshot = store.snapshot();
            claim = store.agent("planner").claim(Key.text("b"), LEASE).orThrow();
        }
        Store.adopt(config(file), "operator");
        try (Store store = Store.open(file)) {
            Agent agent = store.agent("planner");
            assertThatThrownBy(() -> store.get(A, Freshness.atLeast(position)))
                    .isInstanceOf(LostHistoryException.class);
            assertThatThrownBy(() -> store.outcome(new CommitId(position.storeId(), 1, 1, 1)))
                    .isInstanceOf(LostHistoryException.class);
            for (WriteBatch writes : List.of(
                    WriteBatch.of().put(A, "2").basedOn(snapshot),
                    WriteBatch.of().put(A, "2").fencedBy(claim))) {
                assertThatThrownBy(() -> agent.tryCommit(writes)).isInstanceOf(LostHistoryException.class);
            }
            assertThat(store.get(A).orElseThrow().value()).isEqualTo("1");
        }
    }

    @Test
    void adoption_ofAnAdoptedFile_remembersAllItsHistories() {
        Position first;
        try (Store store = Store.open(file)) {
            store.agent("planner").put(A, "1").orThrow();
            first = store.position();
        }
        String second = Store.adopt(config(file), "operator").storeId();
        Store.adopt(config(file), "operator");
        try (Store store = Store.open(file)) {
            for (Position lost : List.of(first, new Position(second, 1))) {
                assertThatThrownBy(() -> store.get(A, Freshness.atLeast(lost)))
                        .isInstanceOf(LostHistoryException.class);
            }
        }
    }

    @Test
    @SuppressWarnings("try") // closing it is what is tested
    void adoption_ofAnOpenFile_refused() {
        try (Store store = Store.open(file)) {
            store.agent("planner").put(A, "1").orThrow();
            assertThatThrownBy(() -> Store.adopt(config(file), "operator"))
                    .isInstanceOf(WriteLockTimeoutException.class)
                    .hasMessageContaining("another store of this one");
            store.agent("planner").put(A, "2").orThrow();
            try (StoreProcess child = new StoreProcess(file)) {
                assertThat(child.ask("get")).startsWith("2@2");
                store.close();
                assertThatThrownBy(() -> Store.adopt(config(file), "operator"))
                        .isInstanceOf(WriteLockTimeoutException.class);
                assertThat(child.ask("3")).isEqualTo("version 3");
            }
        }
        Store.adopt(config(file), "operator");
    }

    @ParameterizedTest
    @ValueSource(strings = {"missing", "text", "sqlite"})
    void adoption_ofForeignFile_refused(String what) throws IOException {
        if (what.equals("text")) {
            Files.writeString(file, "no database".repeat(100));
        } else if (what.equals("sqlite")) {
            assertThat(SqlShell.JDBC.run(file, "CREATE TABLE t (x)")).isEmpty();
        }
        assertThatThrownBy(() -> Store.adopt(config(file), "operator")).isInstanceOf(UnusableStoreException.class);
        if (what.equals("missing")) {
            assertThat(file).doesNotExist();
        } else if (what.equals("sqlite")) {
            assertThat(FileDump.query(file, "SELECT name FROM sqlite_schema")).containsExactly("t");
        }
    }

    @Test
    void prompt_withoutAdoption_changesNoIdentity() {
        try (Store store = Store.open(file)) {
            store.agent("planner").put(A, "1").orThrow();
        }
        for (SqlShell prompt : SqlShell.here()) {
            for (String statement : List.of(
                    "UPDATE store SET store_id = '00000000000000000000000000000000'",
                    "UPDATE keys SET epoch = epoch + 1",
                    "DELETE FROM store_place",
                    "UPDATE store SET created_at = 1")) {
                assertThat(prompt.run(file, statement)).as(statement).isPresent();
            }
        }
        Store.adopt(config(file), "operator");
        for (SqlShell prompt : SqlShell.here()) {
            for (String statement : List.of(
                    "DELETE FROM former_stores",
                    "UPDATE former_stores SET ended_at = 1",
                    "UPDATE store SET store_id = (SELECT store_id FROM former_stores)")) {
                assertThat(prompt.run(file, statement)).as(statement).isPresent();
            }
        }
    }

    @Test
    void fileReplacedByMove_atItsOwnPath_opens() throws IOException {
        try (Store store = Store.open(file)) {
            store.agent("planner").put(A, "1").orThrow();
        }
        Files.copy(file, copy);
        Files.move(copy, file, StandardCopyOption.REPLACE_EXISTING);
        Store.open(file).close();
    }
}
