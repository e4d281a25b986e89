package dev.fencepost.laws;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fencepost.ClaimResult;
import dev.fencepost.Durability;
import dev.fencepost.Key;
import dev.fencepost.Lease;
import dev.fencepost.Store;
import dev.fencepost.StoreConfig;
import dev.fencepost.WriteLockTimeoutException;
import dev.fencepost.testing.JvmLauncher;
import dev.fencepost.testing.WorkerProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Opens stores and starts processes for one test, and closes all of them after it. */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
abstract class LawTest {
    /** The durability of tests whose processes only die: commits need not wait for the disk. */
    private static final Durability QUICK = Durability.PROCESS_DEATH;

    @TempDir
    Path folder;

    private final List<AutoCloseable> open = new ArrayList<>();

    /** Returns the engine that opens stores. Another engine overrides it, or sets {@link EngineUnderTest#PROPERTY}. */
    EngineUnderTest opener() {
        return EngineUnderTest.chosen();
    }

    final StoreConfig config() {
        return opener().config(folder).withDurability(QUICK);
    }

    final Store open() {
        return open(config());
    }

    final Store open(StoreConfig config) {
        Store store = Store.open(config);
        open.add(store);
        return store;
    }

    /** Starts a process that has the store open. */
    final WorkerProcess worker(String... settings) {
        return workers(1, settings).get(0);
    }

    /** Starts several processes in parallel that have the store open. */
    final List<WorkerProcess> workers(int count, String... settings) {
        List<WorkerProcess> started =
                IntStream.range(0, count).mapToObj(i -> startWorker()).toList();
        started.forEach(WorkerProcess::awaitReady);
        String command = "open durability=" + QUICK + " " + String.join(" ", settings);
        started.forEach(worker -> worker.tell(command.strip()));
        started.forEach(worker -> worker.expect("opened"));
        return started;
    }

    /** Starts a process, and does not wait until it takes commands. */
    final WorkerProcess startWorker(String... wrapper) {
        WorkerProcess worker = JvmLauncher.quick()
                .withOptions("-Xmx128m")
                .withScratch(folder)
                .wrappedBy(wrapper)
                .start(LawWorker.class, opener().getClass().getName(), folder.toString());
        open.add(worker);
        return worker;
    }

    /** Asks with no wait until so many requests are in the queue. */
    static void awaitWaiters(Store store, Key<String> key, int count) {
        while (waiters(store, key) < count) {
            Thread.onSpinWait();
        }
    }

    static int waiters(Store store, Key<String> key) {
        return ((ClaimResult.Busy) store.agent("probe").claim(key, Lease.of(Duration.ofHours(1)))).queuedAhead();
    }

    /**
     * Stops a process while it does not hold the engine's write lock. With the lock, it would block every other
     * process. That is not the case of a stalled claim holder.
     */
    final void stop(WorkerProcess worker) {
        try (Store probe = Store.open(config().withWriteLockTimeout(Duration.ofSeconds(1)))) {
            while (true) {
                worker.stop();
                try {
                    // Needs the write lock, and changes nothing.
                    probe.agent("probe").revoke(Key.text("unused"));
                    return;
                } catch (WriteLockTimeoutException e) {
                    worker.wake();
                    awaitWriteLock(probe);
                }
            }
        }
    }

    /** Waits until a process that was continued has released the write lock. */
    private static void awaitWriteLock(Store probe) {
        while (true) {
            try {
                probe.agent("probe").revoke(Key.text("unused"));
                return;
            } catch (WriteLockTimeoutException e) {
                assertThat(e).isNotNull();
            }
        }
    }

    @AfterEach
    void closeAll() throws Exception {
        for (int i = open.size() - 1; i >= 0; i--) {
            open.get(i).close();
        }
    }
}
