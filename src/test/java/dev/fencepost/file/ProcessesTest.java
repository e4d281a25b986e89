package dev.fencepost.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fencepost.Key;
import dev.fencepost.Store;
import dev.fencepost.StoreClosedException;
import dev.fencepost.Versioned;
import dev.fencepost.testing.StoreTest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Effects that take several processes. */
class ProcessesTest extends StoreTest {
    private static final Key<String> A = Key.text("a");

    @Test
    void fourProcesses_withOpenUmask_createOnePrivateStore() throws Exception {
        List<StoreProcess> children = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            children.add(new StoreProcess(file, "sh", "-c", "umask 000; exec \"$@\"", "sh"));
        }
        children.forEach(child -> child.tell("id"));
        List<String> ids = children.stream().map(StoreProcess::answer).toList();
        assertThat(ids).allMatch(id -> id.matches("[0-9a-f]{32}")).containsOnly(ids.get(0));
        assertThat(children.get(0).ask("x")).isEqualTo("version 1");
        for (String name : List.of("a.db", "a.db-wal", "a.db-shm", "a.db-queue")) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve(name))))
                    .as(name)
                    .isEqualTo("rw-------");
        }
        for (StoreProcess child : children) {
            child.close();
        }
        assertThat(FolderSnapshot.names(folder)).containsExactly("a.db");
    }

    @Test
    void anEditAtThePrompt_reachesTheStoresOfAllProcesses() throws Exception {
        try (Store store = Store.open(file);
                StoreProcess child = new StoreProcess(file)) {
            assertThat(child.ask("get")).isEqualTo("absent");
            assertThat(store.get(A)).isEmpty();
            for (SqlShell prompt : SqlShell.here()) {
                assertThat(prompt.run(file, "INSERT INTO current_values (key, value) VALUES ('a', '" + prompt + "')"))
                        .isEmpty();
                Versioned<String> seen = store.get(A).orElseThrow();
                assertThat(seen.value()).isEqualTo(prompt.name());
                assertThat(child.ask("get")).isEqualTo(prompt + "@" + seen.version() + " by sql");
                assertThat(prompt.run(file, "DELETE FROM current_values")).isEmpty();
                assertThat(store.get(A)).isEmpty();
                assertThat(child.ask("get")).isEqualTo("absent");
            }
        }
    }

    @Test
    void failingFsync_makesOutcomesUnknown_untilItSucceeds() throws Exception {
        assertOutcomesUnknownUntilTheDiskAnswers();
    }

    @Test
    void failingFsync_afterLockRelease_makesOutcomesUnknown() throws Exception {
        try (Contention contention = new Contention(file)) {
            assertThat(contention).isNotNull();
            assertOutcomesUnknownUntilTheDiskAnswers();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {8, 9})
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void stalledProcess_inTheWriterQueue_isBypassed(long place) throws Exception {
        try (StoreProcess child = new StoreProcess(file);
                Contention contention = new Contention(file)) {
            contention.occupy(place);
            for (int i = 1; i <= 100; i++) {
                assertThat(child.ask("value " + i)).isEqualTo("version " + i);
            }
        }
    }

    @Test
    void awaitDurable_returns_untilTheStoreIsClosed() {
        Store store = Store.open(file);
        store.awaitDurable();
        store.agent("planner").put(A, "1").orThrow();
        store.awaitDurable();
        store.close();
        assertThatThrownBy(store::awaitDurable).isInstanceOf(StoreClosedException.class);
    }

    private void assertOutcomesUnknownUntilTheDiskAnswers() throws Exception {
        SystemCalls.assumeTraceable();
        Path log = folder.resolve("trace");
        try (Store store = Store.open(file)) {
            store.agent("planner").put(A, "0").orThrow();
        }
        List<String> answers = new ArrayList<>();
        // The child writes into an existing file, so each put needs one fsync; three of them fail.
        try (StoreProcess child = new StoreProcess(
                file,
                "strace",
                "-f",
                "-qq",
                "-o",
                log.toString(),
                "-e",
                "trace=fdatasync,fsync",
                "-e",
                "inject=fdatasync,fsync:error=EIO:when=4..6")) {
            for (int i = 1; i <= 12; i++) {
                answers.add(child.ask("value " + i));
                answers.add(child.ask("get"));
            }
        }
        assertThat(Files.readString(log)).contains("EIO");
        assertThat(answers)
                .filteredOn(answer -> answer.startsWith("unknown") || answer.startsWith("failed"))
                .isNotEmpty();
        assertTruthful(answers);
        try (Store store = Store.open(file)) {
            assertThat(store.get(A).orElseThrow().value()).isEqualTo("value 12");
            assertThat(store.check().findings()).isEmpty();
        }
    }

    /** Asserts that acknowledged values are read, and failed ones are not. An unknown value may be either. */
    private static void assertTruthful(List<String> answers) {
        String present = "0";
        for (int i = 0; i < answers.size(); i += 2) {
            String mine = "value " + (i / 2 + 1);
            String read = answers.get(i + 1).replaceFirst("@.*", "");
            if (answers.get(i).startsWith("version")) {
                present = mine;
            } else if (answers.get(i).startsWith("unknown") && read.equals(mine)) {
                present = mine;
            }
            assertThat(read).as("after %s", answers.get(i)).isEqualTo(present);
        }
        assertThat(answers.get(answers.size() - 2)).startsWith("version");
    }
}
