package dev.fencepost.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fencepost.Key;
import dev.fencepost.Store;
import dev.fencepost.file.SystemCalls.Call;
import dev.fencepost.testing.StoreTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Fsync before the acknowledgement of a commit. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DurabilityTest extends StoreTest {
    private static final String LOG = "a.db-wal";

    private Path mark = Path.of("");
    private SystemCalls calls = new SystemCalls(Path.of(""));

    @BeforeEach
    void name() {
        mark = folder.resolve("a.db-fsync-failed");
        calls = new SystemCalls(folder.resolve("trace"));
    }

    private long forces() throws IOException {
        return calls.begun().stream().filter(call -> call.isForce(LOG)).count();
    }

    /**
     * In both ways of committing: SQLite syncs the WAL under the write lock, or the library syncs it after the release.
     */
    @Test
    void commits_areSyncedBeforeTheAcknowledgement() throws Exception {
        assertEachCommitIsForced();
        try (Contention contention = new Contention(file)) {
            assertThat(contention).isNotNull();
            assertEachCommitIsForced();
        }
    }

    private void assertEachCommitIsForced() throws Exception {
        SystemCalls.assumeTraceable();
        try (StoreProcess child = new StoreProcess(file, calls.traced("trace=fdatasync,fsync"))) {
            assertThat(child.ask("first")).startsWith("version ");
            for (int i = 0; i < 50; i++) {
                long before = forces();
                assertThat(child.ask("value " + i)).startsWith("version ");
                assertThat(forces()).isGreaterThan(before);
            }
        }
    }

    @Test
    void walMarkedFailed_isRewrittenAndSynced_beforeTheMarkIsRemoved() throws Exception {
        SystemCalls.assumeTraceable();
        try (StoreProcess child = new StoreProcess(file, calls.traced("trace=fdatasync,fsync,write,unlink"))) {
            assertThat(child.ask("1")).isEqualTo("version 1");
            long bytes = Files.size(folder.resolve(LOG));
            int before = calls.begun().size();
            Files.createFile(mark);
            assertThat(child.ask("2")).isEqualTo("version 2");
            assertThat(mark).doesNotExist();
            List<Call> since = calls.begun();
            since = since.subList(before, since.size());
            List<Call> mending = untilUnmarked(since);
            assertThat(mending.stream()
                            .filter(call -> call.isWrite(LOG))
                            .mapToLong(Call::bytes)
                            .sum())
                    .isEqualTo(bytes);
            assertThat(mending.stream().dropWhile(call -> !call.isWrite(LOG)).dropWhile(call -> call.isWrite(LOG)))
                    .anyMatch(call -> call.isForce(LOG));
        }
    }

    private List<Call> untilUnmarked(List<Call> all) {
        List<Call> before = all.stream()
                .takeWhile(call -> !call.path().equals(mark.toString()))
                .toList();
        assertThat(before).hasSizeLessThan(all.size());
        return before.stream()
                .filter(call -> call.thread().equals(all.get(before.size()).thread()))
                .toList();
    }

    @Test
    void awaitDurable_onFailedMark_repairsTheWalFirst() throws IOException {
        try (Store store = Store.open(file)) {
            store.agent("planner").put(Key.text("a"), "1").orThrow();
            Files.createFile(mark);
            store.awaitDurable();
            assertThat(mark).doesNotExist();
        }
    }
}
