package dev.fencepost.verification.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fencepost.Agent;
import dev.fencepost.ClaimResult;
import dev.fencepost.FencepostException;
import dev.fencepost.Key;
import dev.fencepost.Lease;
import dev.fencepost.Store;
import dev.fencepost.StoreConfig;
import dev.fencepost.verification.faults.LibcShim.Call;
import dev.fencepost.verification.faults.LibcShim.Error;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Faults of processes: stopped in the middle of a commit, forked, or with two stores on one file. */
final class ProcessFaults {
    private static final int UPDATES = 100;

    /** The reads of the header, the first page and a later page. */
    private static final int LOOKED_AT_READS = 3;

    /** Large enough that the file grows by many pages. */
    private static final int LONG = 200_000;

    private ProcessFaults() {}

    static void stopped(FaultEnvironment scene) {
        LibcShim shim = LibcShim.in(scene.folder);
        FaultWorker doer = scene.doer(shim.environment());
        stopInACommit(scene, shim, doer);
        doer.wake();
        assertThat(doer.answer()).isEqualTo(new FaultWorker.Answer("done", "2"));
        scene.assertGoesOn("2");
    }

    static void stoppedAndKilled(FaultEnvironment scene) {
        LibcShim shim = LibcShim.in(scene.folder);
        FaultWorker doer = scene.doer(shim.environment());
        stopInACommit(scene, shim, doer);
        doer.kill();
        scene.assertGoesOn("1");
    }

    static void stoppedWhileLooking(FaultEnvironment scene) {
        scene.makeStore();
        LibcShim shim = LibcShim.in(scene.folder);
        for (int read = 0; read < LOOKED_AT_READS; read++) {
            String value = Integer.toString(read).repeat(LONG);
            FaultWorker doer = scene.doer(shim.environment());
            shim.fail(Call.READ, Error.STOP, "a.db", read, 1);
            doer.order("get a");
            assertThat(doer.awaitStopped()).isTrue();
            try (Store store = Store.open(scene.file)) {
                store.agent("planner").put(FaultEnvironment.A, value).orThrow();
            }
            doer.wake();
            assertThat(scene.note(doer.answer())).isEqualTo(new FaultWorker.Answer("done", value));
            doer.close();
        }
        scene.assertGoesOn(Integer.toString(LOOKED_AT_READS - 1).repeat(LONG));
    }

    private static void stopInACommit(FaultEnvironment scene, LibcShim shim, FaultWorker doer) {
        assertThat(doer.ask("put a 1").isDone()).isTrue();
        shim.fail(Call.WRITE, Error.STOP, "a.db-wal", 1, 1);
        doer.order("put a 2");
        assertThat(doer.awaitStopped()).isTrue();
        try (Store store = Store.open(StoreConfig.of(scene.file).withWriteLockTimeout(Duration.ofMillis(50)))) {
            // The message needs Linux's list of locks, which some sandboxes hide.
            FencepostException busy = scene.fails(
                    () -> store.agent("planner").put(FaultEnvironment.A, "3").orThrow());
            assertThat(busy.retryable()).isTrue();
            assertThat(busy).hasMessageContaining("held the write lock").hasMessageContaining("and retry");
            if (Files.isReadable(Path.of("/proc/locks"))) {
                assertThat(busy).hasMessageContaining("Process " + doer.pid() + " (java), which is stopped,");
            }
            assertThat(store.get(FaultEnvironment.A).orElseThrow().value()).isEqualTo("1");
        }
    }

    static void forked(FaultEnvironment scene) {
        LibcShim shim = LibcShim.in(scene.folder);
        FaultWorker doer = scene.doer(shim.environment());
        assertThat(doer.ask("put a 1").isDone()).isTrue();
        assertThat(doer.ask("claim job").isDone()).isTrue();
        shim.fork();
        assertThat(doer.ask("put-under-claim job x").isDone()).isTrue();
        ProcessHandle copy = ProcessHandle.of(shim.forked()).orElseThrow();
        try {
            try (Store store = Store.open(scene.file)) {
                Agent heir = store.agent("heir");
                heir.put(FaultEnvironment.A, "2").orThrow();
                assertThat(doer.ask("put a 3").isDone()).isTrue();
                Lease lease = Lease.of(Duration.ofHours(1));
                assertThat(heir.claim(Key.text("job"), lease)).isInstanceOf(ClaimResult.Busy.class);
                doer.kill();
                assertThat(copy.isAlive()).isTrue();
                assertThat(descriptors(copy.pid())).as("what the copy has open").contains(scene.file.toString());
                assertThat(heir.claim(Key.text("job"), lease, Duration.ofMinutes(1)))
                        .isInstanceOf(ClaimResult.Granted.class);
                heir.put(FaultEnvironment.A, "4").orThrow();
            }
            scene.assertGoesOn("4");
        } finally {
            copy.destroyForcibly();
        }
    }

    static void startedAProgram(FaultEnvironment scene) throws IOException {
        try (Store store = Store.open(scene.file)) {
            store.agent("planner").put(FaultEnvironment.A, "1").orThrow();
            assertThat(descriptors(ProcessHandle.current().pid())).contains(scene.file.toString());
            Process program = new ProcessBuilder("sleep", "60").start();
            try {
                while (!Files.readString(Path.of("/proc", "" + program.pid(), "comm"))
                        .startsWith("sleep")) {
                    Thread.onSpinWait();
                }
                assertThat(descriptors(program.pid())).noneMatch(open -> open.startsWith(scene.folder.toString()));
            } finally {
                program.destroyForcibly();
            }
        }
        scene.assertGoesOn("1");
    }

    private static List<String> descriptors(long pid) {
        try (Stream<Path> open = Files.list(Path.of("/proc", "" + pid, "fd"))) {
            return open.map(ProcessFaults::target).toList();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static String target(Path link) {
        try {
            return Files.readSymbolicLink(link).toString();
        } catch (IOException e) {
            // It was closed in the meantime.
            return "";
        }
    }

    static void openedTwice(FaultEnvironment scene) throws Exception {
        Path other = scene.folder.resolve("link.db");
        scene.makeStore();
        Files.createSymbolicLink(other, scene.file);
        FaultWorker third = scene.doer(Map.of());
        try (Store first = Store.open(scene.file)) {
            Store second = Store.open(other);
            Thread beside = new Thread(() -> count(second));
            beside.start();
            count(first);
            beside.join();
            second.close();
            assertThat(third.ask("get a").rest()).isEqualTo("" + (1 + 2 * UPDATES));
            beside = new Thread(() -> count(first));
            beside.start();
            // If closing the second store dropped the locks of the first, these two would overwrite each other's pages.
            for (int i = 0; i < UPDATES; i++) {
                assertThat(third.ask("put b " + i).isDone()).isTrue();
            }
            beside.join();
        }
        assertThat(third.ask("put b x").rest()).isEqualTo("" + (UPDATES + 1));
        third.close();
        scene.assertGoesOn("" + (1 + 3 * UPDATES));
    }

    private static void count(Store store) {
        for (int i = 0; i < UPDATES; i++) {
            store.agent("counter").update(FaultEnvironment.A, value -> "" + (Integer.parseInt(value) + 1));
        }
    }
}
