package dev.fencepost.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fencepost.Durability;
import dev.fencepost.Key;
import dev.fencepost.Store;
import dev.fencepost.StoreConfig;
import dev.fencepost.testing.ExternalProgram;
import dev.fencepost.testing.StoreTest;
import dev.fencepost.testing.WorkerProcess;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Cached reads while others commit, die, recover and run checkpoints: each sees all that was acknowledged before it
 * began.
 */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CachedReadsTest extends StoreTest {
    private static final Key<String> COUNT = Key.text(CountingProcess.KEY);
    private static final int OFTEN = 5;
    private static final int FOR_EVER = Integer.MAX_VALUE;
    private static final int RECOVERIES = 3;

    /** The minimum of reads by each thread, and of commits in all, that makes a run conclusive. */
    private static final long LEAST = 100;

    private final AtomicBoolean over = new AtomicBoolean();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<Future<Long>> readers = new ArrayList<>();
    private final List<Store> stores = new ArrayList<>();

    @BeforeEach
    void create() {
        open(true).agent("planner").put(COUNT, "0").orThrow();
    }

    private Store open(boolean mapped) {
        Store store = Store.open(
                StoreConfig.of(file).withDurability(Durability.PROCESS_DEATH).withMappedWalIndex(mapped));
        stores.add(store);
        return store;
    }

    @AfterEach
    void close() {
        over.set(true);
        threads.shutdown();
        stores.forEach(Store::close);
    }

    private WorkerProcess counting(int checkpointPages, int commitsEach) {
        return CountingProcess.start(file, acknowledged(), checkpointPages, commitsEach);
    }

    private Path acknowledged() {
        return folder.resolve("acknowledged");
    }

    /** Starts two threads that read through a store until the end. Neither may see less than was acknowledged. */
    private void read(Store store) {
        CountingProcess.Acknowledged acknowledged = new CountingProcess.Acknowledged(acknowledged());
        for (int i = 0; i < 2; i++) {
            readers.add(threads.submit(() -> {
                long reads = 0;
                long least = 0;
                while (!over.get() || reads <= LEAST) {
                    least = Math.max(least, acknowledged.get());
                    long seen = Long.parseLong(store.get(COUNT).orElseThrow().value());
                    assertThat(seen).isGreaterThanOrEqualTo(least);
                    least = seen;
                    if (reads++ % 64 == 0) {
                        // Others need the processor too.
                        Thread.yield();
                    }
                }
                return reads;
            }));
        }
    }

    private void endReading() throws Exception {
        CountingProcess.Acknowledged acknowledged = new CountingProcess.Acknowledged(acknowledged());
        while (acknowledged.get() <= LEAST) {
            Thread.yield();
        }
        over.set(true);
        for (Future<Long> reader : readers) {
            assertThat(reader.get(30, TimeUnit.SECONDS)).isGreaterThan(LEAST);
        }
        assertThat(stores.get(0).check().findings()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void reads_duringConstantCheckpoints_areLatest(boolean mapped) throws Exception {
        Store store = open(mapped);
        try (WorkerProcess writer = counting(OFTEN, FOR_EVER)) {
            read(store);
            TimeUnit.MILLISECONDS.sleep(1_500);
            endReading();
            assertThat(writer.isAlive()).isTrue();
        }
    }

    @Test
    void reads_whileWritersAreKilled_areLatest() throws Exception {
        counting(OFTEN, FOR_EVER).close();
        read(open(true));
        WorkerProcess one = counting(OFTEN, FOR_EVER);
        for (int round = 0; round < 3; round++) {
            WorkerProcess next = counting(OFTEN, FOR_EVER);
            one.close();
            one = next;
            TimeUnit.MILLISECONDS.sleep(200);
        }
        one.close();
        endReading();
    }

    @ParameterizedTest
    @ValueSource(strings = {"RESTART", "TRUNCATE"})
    void reads_duringCheckpointsAtPrompt_areLatest(String mode) throws Exception {
        try (WorkerProcess writer = counting(1_000, FOR_EVER)) {
            read(open(true));
            long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(1_500);
            while (System.nanoTime() < end) {
                for (SqlShell prompt : SqlShell.here()) {
                    assertThat(prompt.run(file, "PRAGMA busy_timeout = 5000", "PRAGMA wal_checkpoint(" + mode + ")"))
                            .isEmpty();
                }
            }
            endReading();
            assertThat(writer.isAlive()).isTrue();
        }
    }

    @Test
    void reads_whileOthersCloseLastConnection_areLatest() throws Exception {
        try (WorkerProcess writer = counting(OFTEN, 3)) {
            read(open(true));
            TimeUnit.MILLISECONDS.sleep(1_500);
            endReading();
            assertThat(writer.isAlive()).isTrue();
        }
    }

    /** As if a writer had died between the two copies of the header. The next process rebuilds the index. */
    @Test
    void reads_duringIndexRecovery_areLatest() throws Exception {
        try (WorkerProcess writer = counting(1_000, FOR_EVER)) {
            read(open(true));
            int recoveries = 0;
            long changes = changes();
            for (int round = 0; round < 40 || recoveries < RECOVERIES; round++) {
                tear();
                TimeUnit.MILLISECONDS.sleep(30);
                long present = changes();
                // Only a recovery resets the count of changes.
                recoveries += present < changes ? 1 : 0;
                changes = present;
            }
            endReading();
            assertThat(writer.isAlive()).isTrue();
        }
    }

    @Test
    void tornIndex_isRecoveredByTheNextRead() throws Exception {
        Store store = stores.get(0);
        for (int round = 1; round <= 20; round++) {
            store.agent("planner").put(COUNT, "" + round).orThrow();
            assertThat(store.get(COUNT).orElseThrow().value()).isEqualTo("" + round);
            tear();
            assertThat(store.get(COUNT).orElseThrow().value()).isEqualTo("" + round);
            assertThat(store.get(Key.text("absent" + round))).isEmpty();
            assertThat(changes()).isZero();
        }
        over.set(true);
        assertThat(store.check().findings()).isEmpty();
    }

    /** Damages the checksum in the second copy of the header, in another process, so that SQLite's locks are kept. */
    private void tear() throws Exception {
        ExternalProgram.output(
                "dd", "if=/dev/urandom", "of=" + file + "-shm", "bs=8", "seek=11", "count=1", "conv=notrunc");
    }

    /** Returns the count of changes in the first copy of the header. */
    private long changes() throws Exception {
        return Long.parseLong(ExternalProgram.output("od", "-An", "-tu4", "-j8", "-N4", file + "-shm")
                .strip());
    }

    /**
     * SQLite removes the WAL and its index with the last connection. They come back as other files, which must be
     * found.
     */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void reopenedStore_seesForeignCommits(boolean mapped) throws Exception {
        stores.remove(0).close();
        try (StoreProcess child = new StoreProcess(file)) {
            for (int round = 1; round <= 5; round++) {
                try (Store store = open(mapped)) {
                    assertThat(store.get(Key.text("a")).isPresent()).isEqualTo(round > 1);
                    for (int i = 0; i < 20; i++) {
                        assertThat(child.ask(round + "." + i)).startsWith("version ");
                        assertThat(store.get(Key.text("a")).orElseThrow().value())
                                .isEqualTo(round + "." + i);
                    }
                }
                assertThat(child.ask("close")).isEqualTo("closed");
                assertThat(FolderSnapshot.names(folder)).containsExactly("a.db");
            }
        }
    }
}
