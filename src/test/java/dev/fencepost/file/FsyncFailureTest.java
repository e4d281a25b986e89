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

/** A disk that takes what is written, and cannot keep it. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@EnabledIf("dev.fencepost.file.ThinProvisionedDisk#isPossible")
class FsyncFailureTest {
    private static final Key<String> A = Key.text("a");
    private static final Key<String> B = Key.text("b");
    private static final String LONG = "x".repeat(20_000);

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

    /** In a transaction as the first commit of a process, and by a single statement as those that follow. */
    @Test
    void aCommitThatIsNotForced_isUnknown_andToldByItsIdWhenThereIsRoom() throws IOException {
        open(Durability.POWER_LOSS);
        for (int commit = 1; commit <= 3; commit++) {
            // Longer than what the log has had room for.
            String longer = LONG.repeat(3 * commit);
            disk.fill();
            OutcomeUnknownException unknown = (OutcomeUnknownException)
                    catchThrowable(() -> agent.put(A, longer).orThrow());
            assertThat(unknown).hasMessageContaining("whether it survives is unknown");
            assertThat(disk.folder().resolve("a.db-suspect")).exists();
            disk.giveRoom();
            boolean applied = store.outcome(unknown.commit()) == CommitOutcome.APPLIED;
            assertThat(store.get(A).isPresent()).isEqualTo(applied);
            agent.put(B, "after").orThrow();
            assertThat(disk.folder().resolve("a.db-suspect")).doesNotExist();
            agent.put(B, "once more").orThrow();
            agent.tryDelete(A);
        }
        assertThat(store.check().findings()).isEmpty();
    }

    /** Nobody would know of it, and the heartbeats of others would keep it alive: so it is given back, if that can be. */
    @Test
    void aClaimThatIsNotForced_isNotLeftBehind() throws IOException {
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
        // It was tried at once, while there was no room for that either.
        assertThat(failed.getSuppressed()).isNotEmpty();
        agent.put(B, "after").orThrow();
        assertThat(store.claims()).hasSize(granted);
    }

    @Test
    void howeverOftenTheDiskFails_nothingIsLeftOpen() throws IOException {
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
        // That of the log's index, at most, which is kept for whoever opens the store next.
        assertThat(descriptors()).isLessThanOrEqualTo(1);
    }

    /** Of files on the disk, as far as this process has them open. */
    private long descriptors() throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return open.filter(this::leadsToTheDisk).count();
        }
    }

    private boolean leadsToTheDisk(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).startsWith(disk.folder());
        } catch (IOException e) {
            // It was closed meanwhile.
            return false;
        }
    }

    @Test
    void whatIsWaitedFor_isNotSaidToBeDurable() throws IOException {
        open(Durability.PROCESS_DEATH);
        agent.put(A, "1").orThrow();
        store.awaitDurable();
        disk.fill();
        agent.put(A, LONG).orThrow();
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> store.awaitDurable())
                    .isInstanceOf(StorageException.class)
                    .hasMessageContainingAll("The disk", "a.db-wal");
        }
        disk.giveRoom();
        if (catchThrowable(store::awaitDurable) instanceof StorageException) {
            // The system tells of a failure once for each time that the file was opened.
            store.awaitDurable();
        }
        assertThat(disk.folder().resolve("a.db-suspect")).doesNotExist();
        assertThat(store.get(A).orElseThrow().value()).isEqualTo(LONG);
        assertThat(store.check().findings()).isEmpty();
    }
}
