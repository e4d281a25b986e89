package dev.fencepost.benchmarks.processes;

import dev.fencepost.Agent;
import dev.fencepost.Durability;
import dev.fencepost.Store;
import dev.fencepost.benchmarks.run.Run;
import dev.fencepost.benchmarks.run.TemporaryFolder;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;

/** A large store in a process with little memory. */
final class Memory {
    private static final Duration PATIENCE = Duration.ofMinutes(30);

    private Memory() {}

    static void measure(Run run) throws Exception {
        int keys = switch (run.depth()) {
            case INSTANT -> 2_000;
            case BRIEF -> 50_000;
            case WHOLE -> 1_000_000;
        };
        KeySpace space = new KeySpace("keys/", keys, NumberedText.USUAL);
        try (TemporaryFolder folder = TemporaryFolder.in(run.disk(), "processes")) {
            Path file = folder.file("values.db");
            run.progress("filling a store with " + keys + " keys");
            space.fill(file, 1, written -> {});
            long versions = keys;
            for (int repeat = 0; repeat < run.repeats(); repeat++) {
                versions += one(run, folder, space, file);
            }
            space.verify(file, versions);
        }
    }

    /** Returns the number of written versions. */
    private static long one(Run run, TemporaryFolder folder, KeySpace space, Path file) throws Exception {
        Map<String, String> settings = Run.settings("keys", space.keys(), "heap", WorkerGroup.HEAP_MEGABYTES + " MB");
        run.progress(Figures.FENCEPOST + " " + settings);
        Report report;
        try (WorkerGroup crew = new WorkerGroup(run, folder.path())) {
            Settings role = space.tell(Settings.of(file, Durability.POWER_LOSS));
            report = crew.add(ReadsAll.class, role).work(PATIENCE).get(0);
        }
        run.figure(Figures.FENCEPOST, settings, 1, "done");
        run.figure(Figures.FENCEPOST, settings, report.count("heap") / 1e6, "MB in use");
        double reads = report.count("read") / (report.count("nanos") / 1e9);
        run.figure(Figures.FENCEPOST, settings, reads, "reads/s");
        return report.count("written");
    }

    /**
     * Reads all values of a store twice, in random order, writes some in between, and checks that all are right. The report
     * counts the memory in use after a garbage collection with the store open, in bytes, as {@code heap}; the reads as
     * {@code read} and the writes as {@code written}; and the duration as {@code nanos}.
     */
    static final class ReadsAll implements WorkerTask {

        private static final int ROUNDS = 2;

        /** One in this many reads is followed by a write. */
        private static final int ONE_OF = 1_000;

        @Override
        public Report work(Settings settings, Gate gate) throws Exception {
            KeySpace space = KeySpace.of(settings);
            try (Store store = settings.open()) {
                Agent agent = store.agent("worker");
                gate.pass();
                long begun = System.nanoTime();
                long read = 0;
                long written = 0;
                for (int round = 0; round < ROUNDS; round++) {
                    int[] order = shuffled(space.keys());
                    for (int number : order) {
                        String value =
                                store.get(space.key(number)).orElseThrow().value();
                        Figures.check("the value of key " + number, number, NumberedText.number(value));
                        read++;
                        if (read % ONE_OF == 0) {
                            agent.put(space.key(number), space.value(number)).orThrow();
                            written++;
                        }
                    }
                }
                long nanos = System.nanoTime() - begun;
                return new Report()
                        .count("read", read)
                        .count("written", written)
                        .count("nanos", nanos)
                        .count("heap", heapInUse());
            }
        }

        private static int[] shuffled(int count) {
            int[] order = IntStream.range(0, count).toArray();
            for (int i = count - 1; i > 0; i--) {
                int j = ThreadLocalRandom.current().nextInt(i + 1);
                int other = order[j];
                order[j] = order[i];
                order[i] = other;
            }
            return order;
        }

        private static long heapInUse() {
            System.gc();
            return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
        }
    }
}
