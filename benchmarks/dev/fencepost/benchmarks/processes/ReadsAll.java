package dev.fencepost.benchmarks.processes;

import dev.fencepost.Agent;
import dev.fencepost.Store;
import java.lang.management.ManagementFactory;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;

/**
 * Reads all values of a store twice, in random order, writes some in between, and checks that all are right. The report
 * counts the memory in use after a garbage collection with the store open, in bytes, as {@link #HEAP}; the reads as
 * {@link #READ} and the writes as {@link #WRITTEN}; and the duration as {@link #NANOS}.
 */
final class ReadsAll implements WorkerTask {
    static final String HEAP = "heap";
    static final String READ = "read";
    static final String WRITTEN = "written";
    static final String NANOS = "nanos";

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
                    String value = store.get(space.key(number)).orElseThrow().value();
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
                    .count(READ, read)
                    .count(WRITTEN, written)
                    .count(NANOS, nanos)
                    .count(HEAP, heapInUse());
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
