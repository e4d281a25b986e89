package dev.fencepost.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fencepost.Agent;
import dev.fencepost.BackupOptions;
import dev.fencepost.Claim;
import dev.fencepost.Freshness;
import dev.fencepost.Key;
import dev.fencepost.Lease;
import dev.fencepost.LostHistoryException;
import dev.fencepost.Position;
import dev.fencepost.RestoreOptions;
import dev.fencepost.Snapshot;
import dev.fencepost.SqlPrompt;
import dev.fencepost.Store;
import dev.fencepost.StoreConfig;
import dev.fencepost.testing.StoreTest;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The single effects of adoptions and restores. */
@Timeout(300)
class AdoptionDetailsTest extends StoreTest {
    private static final Key<String> A = Key.text("a");
    private static final Lease LEASE = Lease.withoutHeartbeats(Duration.ofHours(1));

    /** More keys than are taken over at one time, in claims of the maximum size. */
    private static final int KEYS = 10_001;

    private static final int KEYS_A_CLAIM = 64;

    private Path copy = Path.of("");

    @BeforeEach
    void name() {
        copy = folder.resolve("copy.db");
    }

    private void copyFiles() throws IOException {
        Copies.outside(file, copy);
        Copies.outside(Path.of(file + "-wal"), Path.of(copy + "-wal"));
    }

    private static long claimAndRelease(Store store, Key<String> key) {
        try (Claim claim = store.agent("worker").claim(key, LEASE).orThrow()) {
            return claim.epoch(key);
        }
    }

    @Test
    void epochOfFreeKey_afterAdoption_isRaised() throws IOException {
        long granted;
        try (Store store = Store.open(file)) {
            granted = claimAndRelease(store, A);
            copyFiles();
        }
        Store.adopt(StoreConfig.of(copy), "operator");
        try (Store store = Store.open(copy)) {
            assertThat(claimAndRelease(store, A)).isGreaterThan(granted + 1);
        }
    }

    @Test
    void waitersAndPins_afterAdoption_areGone() throws Exception {
        try (Store store = Store.open(file)) {
            Agent worker = store.agent("worker");
            worker.put(A, "1");
            try (Claim held = worker.claim(A, LEASE).orThrow();
                    Snapshot snapshot = store.snapshot()) {
                assertThat(snapshot.get(A)).isPresent();
                CompletableFuture<Void> waiting = CompletableFuture.runAsync(() -> store.agent("other")
                        .claim(A, LEASE, Duration.ofMinutes(4))
                        .orThrow()
                        .close());
                while (SqlPrompt.number(file, "SELECT count(*) FROM claim_requests") == 0) {
                    Thread.onSpinWait();
                }
                copyFiles();
                held.release();
                waiting.get();
            }
        }
        Store.adopt(StoreConfig.of(copy), "operator");
        assertEmpty("claim_requests");
        assertEmpty("claim_request_keys");
        assertEmpty("snapshots");
    }

    private void assertEmpty(String table) throws SQLException {
        assertThat(SqlPrompt.number(copy, "SELECT count(*) FROM " + table))
                .as(table)
                .isZero();
    }

    @Test
    void epochsOfTheReplacedFile_areAllTakenOver() {
        try (Store store = Store.open(file)) {
            store.backup(copy, BackupOptions.defaults());
            for (int from = 0; from < KEYS; from += KEYS_A_CLAIM) {
                List<Key<String>> keys = IntStream.range(from, from + KEYS_A_CLAIM)
                        .mapToObj(i -> Key.text("k" + i))
                        .toList();
                store.agent("worker")
                        .claim(keys, LEASE, Duration.ZERO)
                        .orThrow()
                        .close();
            }
        }
        Store.restore(StoreConfig.of(file), copy, RestoreOptions.by("operator"));
        try (Store store = Store.open(file)) {
            assertThat(claimAndRelease(store, Key.text("k0"))).isGreaterThan(1);
            // The last key in the file, since the keys of a claim are sorted by text.
            assertThat(claimAndRelease(store, Key.text("k9999"))).isGreaterThan(1);
        }
    }

    @Test
    void formerHistoriesOfTheReplacedFile_areRemembered() {
        Position former;
        try (Store store = Store.open(file)) {
            store.agent("worker").put(A, "1");
            store.backup(copy, BackupOptions.defaults());
        }
        Store.adopt(StoreConfig.of(file), "operator");
        try (Store store = Store.open(file)) {
            former = store.position();
        }
        Store.adopt(StoreConfig.of(file), "operator");
        Store.restore(StoreConfig.of(file), copy, RestoreOptions.by("operator"));
        try (Store store = Store.open(file)) {
            assertThatThrownBy(() -> store.get(A, Freshness.atLeast(former))).isInstanceOf(LostHistoryException.class);
        }
    }
}
