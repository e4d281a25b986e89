package dev.fencepost.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.fencepost.Agent;
import dev.fencepost.CommitOutcome;
import dev.fencepost.Durability;
import dev.fencepost.FencepostException;
import dev.fencepost.Key;
import dev.fencepost.Lease;
import dev.fencepost.OutcomeUnknownException;
import dev.fencepost.StorageException;
import dev.fencepost.Store;
import dev.fencepost.StoreConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/** A disk that accepts writes and cannot store them. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@EnabledIf("dev.fencepost.file.ThinProvisionedDisk#isPossible")
class FsyncFailureTest {
    private static final Key<String> A = Key.text("a");
    private static final Key<String> B = Key.text("b");
    private static final String LONG = "x".repeat(30_000);

    @TempDir
    Path parent;

    private ThinProvisionedDisk disk;
    private Store store;
    private Agent agent;

    @BeforeEach
    void make() throws IOException {
        disk = new ThinProvisionedDisk(parent);
    }

    private void open(Durability durability) {
        store = Store.open(StoreConfig.of(disk.folder().resolve("a.db")).withDurability(durability));
        agent = store.agent("planner");
    }

    @AfterEach
    void close() {
        try (ThinProvisionedDisk closing = disk) {
            store.close();
            assertThat(closing).isNotNull();
        }
    }

    /** The first commit of a process runs in a transaction, and those that follow as a single statement. */
    @Test
    void unsyncedCommit_isUnknown_andResolvedByItsIdLater() throws IOException {
        open(Durability.POWER_LOSS);
        for (int commit = 1; commit <= 3; commit++) {
            // Longer than the room that the WAL has had.
            String longer = LONG.repeat(3 << (2 * (commit - 1)));
            disk.fill();
            OutcomeUnknownException unknown = (OutcomeUnknownException)
                    catchThrowable(() -> agent.put(A, longer).orThrow());
            assertThat(unknown).hasMessageContaining("its outcome is unknown");
            assertThat(disk.folder().resolve("a.db-fsync-failed")).exists();
            disk.giveRoom();
            boolean applied = store.outcome(unknown.commit()) == CommitOutcome.APPLIED;
            assertThat(store.get(A).isPresent()).isEqualTo(applied);
            agent.put(B, "after").orThrow();
            assertThat(disk.folder().resolve("a.db-fsync-failed")).doesNotExist();
            agent.put(B, "once more").orThrow();
            agent.tryDelete(A);
        }
        assertThat(store.check().findings()).isEmpty();
    }

    /**
     * The caller would not know of such a claim, and heartbeats would extend it. So the library tries to release it.
     */
    @Test
    void unsyncedClaim_isNotLeftBehind() throws IOException {
        open(Durability.POWER_LOSS);
        agent.put(B, "before").orThrow();
        disk.fill();
        Throwable failed = null;
        int granted = 0;
        while (failed == null) {
            Key<String> key = Key.text("k/" + granted);
            failed = catchThrowable(
                    () -> agent.claim(key, Lease.of(Duration.ofMinutes(1))).orThrow());
            granted += failed == null ? 1 : 0;
        }
        disk.giveRoom();
        assertThat(failed).isInstanceOf(OutcomeUnknownException.class);
        // A release was tried at once, but there was no room for it either.
        assertThat(failed.getSuppressed()).isNotEmpty();
        agent.put(B, "after").orThrow();
        assertThat(store.claims()).hasSize(granted);
    }

    @Test
    void repeatedFsyncFailures_leakNoDescriptors() throws IOException {
        open(Durability.POWER_LOSS);
        agent.put(B, "before").orThrow();
        agent.put(B, "once more").orThrow();
        long before = descriptors();
        disk.fill();
        for (int i = 0; i < 20; i++) {
            assertThatThrownBy(() -> agent.tryPut(A, LONG)).isInstanceOf(FencepostException.class);
        }
        disk.giveRoom();
        agent.put(B, "after").orThrow();
        assertThat(descriptors()).isLessThanOrEqualTo(before + 1);
        store.close();
        // At most the descriptor of the WAL index, which is kept for the next opening.
        assertThat(descriptors()).isLessThanOrEqualTo(1);
    }

    /** Returns the number of descriptors of this process on the disk. */
    private long descriptors() throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return open.filter(this::leadsToTheDisk).count();
        }
    }

    private boolean leadsToTheDisk(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).startsWith(disk.folder());
        } catch (IOException e) {
            // Closed since the listing.
            return false;
        }
    }

    @Test
    void awaitDurable_onFailingDisk_throws() throws IOException {
        open(Durability.PROCESS_DEATH);
        agent.put(A, "1").orThrow();
        store.awaitDurable();
        disk.fill();
        String longer = LONG.repeat(4);
        agent.put(A, longer).orThrow();
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> store.awaitDurable())
                    .isInstanceOf(StorageException.class)
                    .hasMessageContainingAll("The disk", "a.db-wal");
        }
        disk.giveRoom();
        if (catchThrowable(store::awaitDurable) instanceof StorageException) {
            // The system reports a failure once for each open descriptor.
            store.awaitDurable();
        }
        assertThat(disk.folder().resolve("a.db-fsync-failed")).doesNotExist();
        assertThat(store.get(A).orElseThrow().value()).isEqualTo(longer);
        assertThat(store.check().findings()).isEmpty();
    }
}
