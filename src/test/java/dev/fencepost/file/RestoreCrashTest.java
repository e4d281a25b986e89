package dev.fencepost.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fencepost.BackupOptions;
import dev.fencepost.Key;
import dev.fencepost.RestoreOptions;
import dev.fencepost.Store;
import dev.fencepost.StoreConfig;
import dev.fencepost.testing.JvmLauncher;
import dev.fencepost.testing.StoreTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A restore that is killed at one of its system calls, and leaves the replaced store or the restored one. */
class RestoreCrashTest extends StoreTest {
    private static final Key<String> A = Key.text("a");
    private static final String CALLS = "rename,unlink,fsync,fdatasync,ftruncate,pwrite64";

    /** The number of trials in the middle, and of those at the end, where files are renamed. */
    private static final int TRIALS = 6;

    private Path killed = Path.of("");
    private Path backup = Path.of("");

    @BeforeEach
    void makeKilledStore() throws IOException {
        killed = folder.resolve("killed.db");
        backup = folder.resolve("backup.db");
        try (Store store = Store.open(killed)) {
            store.agent("planner").put(A, "1").orThrow();
            store.backup(backup, BackupOptions.defaults());
            store.agent("planner").put(A, "2").orThrow();
            layKilledStore(killed, folder.resolve("template"));
        }
        Files.delete(killed);
    }

    private static void layKilledStore(Path from, Path to) throws IOException {
        for (String suffix : List.of("", "-wal")) {
            Files.copy(Path.of(from + suffix), Path.of(to + suffix), StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private int restore(SystemCalls calls, String... expressions) throws IOException {
        layKilledStore(folder.resolve("template"), file);
        return JvmLauncher.quick()
                .wrappedBy(calls.traced(expressions))
                .run(RestoreCrashTest.class, file.toString(), backup.toString())
                .code();
    }

    @Test
    void restore_killedAtAnyCall_leavesOneOfTheStores() throws IOException, InterruptedException {
        SystemCalls.assumeTraceable();
        SystemCalls calls = new SystemCalls(folder.resolve("calls"));
        assertThat(restore(calls, "trace=" + CALLS)).isZero();
        // The tracer counts the calls of each thread.
        String thread = calls.begun().stream()
                .filter(call -> call.name().startsWith("rename") && call.path().contains(".restore-"))
                .findFirst()
                .orElseThrow()
                .thread();
        List<SystemCalls.Call> all = calls.begun().stream()
                .filter(call -> call.thread().equals(thread))
                .toList();
        Set<String> found = new TreeSet<>();
        for (int at : trials(all.size())) {
            String name = all.get(at).name();
            long when = all.subList(0, at + 1).stream()
                    .filter(call -> call.name().equals(name))
                    .count();
            int code = restore(calls, "trace=" + CALLS, "inject=" + name + ":signal=KILL:when=" + when);
            assertThat(code).as(name + " " + when).isNotZero();
            try (Store store = Store.open(StoreConfig.of(file))) {
                String value = store.get(A).orElseThrow().value();
                assertThat(value).isIn("1", "2");
                found.add(value);
                assertThat(store.check().findings()).isEmpty();
                store.agent("planner").put(A, "3").orThrow();
            }
            Files.delete(file);
        }
        assertThat(found).containsExactly("1", "2");
    }

    /** Returns some of the calls, and each of the last ones. */
    private static Set<Integer> trials(int calls) {
        Set<Integer> trials = new TreeSet<>();
        for (int i = 1; i <= TRIALS; i++) {
            trials.add(calls - i);
            trials.add(calls * i / (TRIALS + 1));
        }
        return trials;
    }

    /** Runs the process that is killed. */
    public static void main(String[] args) {
        Store.restore(StoreConfig.of(Path.of(args[0])), Path.of(args[1]), RestoreOptions.by("operator"));
    }
}
