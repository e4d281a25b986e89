package dev.fencepost.verification.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fencepost.Durability;
import dev.fencepost.Lease;
import dev.fencepost.Prefix;
import dev.fencepost.Snapshot;
import dev.fencepost.Store;
import dev.fencepost.StoreConfig;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.stream.Stream;

/** Repeated opening and closing of a store. */
final class OpeningFaults {
    /** The property that overrides the number of open and close cycles. */
    static final String CYCLES = "fencepost.faults.cycles";

    /** Cycles before the measurement: they load all classes and fill all pools. */
    private static final int WARM_UP = 100;

    private static final long MEGABYTE = 1 << 20;

    private OpeningFaults() {}

    /** The system resources that a process holds. */
    private record Held(long descriptors, long threads, long mappings, long heap) {
        static Held now() throws IOException {
            System.gc();
            try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
                return new Held(
                        open.count(),
                        Thread.getAllStackTraces().keySet().stream()
                                .filter(thread -> thread.getName().startsWith("fencepost"))
                                .count(),
                        Files.readAllLines(Path.of("/proc/self/maps")).stream()
                                .filter(line -> line.endsWith("-shm") || line.endsWith(".db"))
                                .count(),
                        ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
            }
        }

        /**
         * Returns whether no resource has grown; the heap may vary by 8 MB. Threads and mappings may end with a delay.
         */
        boolean isNoMoreThan(Held before) {
            return descriptors <= before.descriptors
                    && threads <= before.threads
                    && mappings <= before.mappings
                    && heap <= before.heap + 8 * MEGABYTE;
        }
    }

    /** Uses a folder in memory if there is one, because the test does not measure the disk. */
    static void again(FaultEnvironment scene) throws IOException {
        Path memory = Path.of("/dev/shm");
        if (!Files.isWritable(memory)) {
            againAndAgain(scene);
            return;
        }
        Path folder = Files.createTempDirectory(memory, "fencepost-opening");
        try (FaultEnvironment quick = new FaultEnvironment(folder)) {
            againAndAgain(quick);
        } finally {
            try (Stream<Path> left = Files.walk(folder)) {
                left.sorted(Comparator.reverseOrder())
                        .forEach(each -> each.toFile().delete());
            }
        }
    }

    /**
     * Runs the cycles. Each one reads, writes, claims and pins a snapshot, so that every kind of resource could leak.
     */
    private static void againAndAgain(FaultEnvironment scene) throws IOException {
        scene.makeStore();
        int cycles = Integer.getInteger(CYCLES, 300);
        cycle(scene, WARM_UP);
        Held before = Held.now();
        cycle(scene, cycles);
        Held after = Held.now();
        while (!after.isNoMoreThan(before)) {
            // The time limit of the test ends this loop on a leak.
            Thread.onSpinWait();
            after = Held.now();
        }
        scene.assertGoesOn("" + cycles);
    }

    private static void cycle(FaultEnvironment scene, int times) {
        StoreConfig config = StoreConfig.of(scene.file).withDurability(Durability.PROCESS_DEATH);
        for (int i = 1; i <= times; i++) {
            try (Store store = Store.open(config);
                    Snapshot then = store.snapshot()) {
                store.agent("planner").put(FaultEnvironment.A, "" + i).orThrow();
                store.agent("planner")
                        .claim(FaultEnvironment.A, Lease.of(Duration.ofMinutes(1)))
                        .orThrow()
                        .close();
                assertThat(then.get(FaultEnvironment.A)).isPresent();
                assertThat(store.list(Prefix.text("a"))).isNotEmpty();
            }
        }
    }
}
