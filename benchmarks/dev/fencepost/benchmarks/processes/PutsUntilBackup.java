package dev.fencepost.benchmarks.processes;

import dev.fencepost.Agent;
import dev.fencepost.Store;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Writes values of random keys until a backup of the store is complete. The report counts the commits in each time
 * slot, by the clock that all processes of one machine share.
 */
final class PutsUntilBackup implements WorkerTask {
    /** The setting with the file of the backup. */
    static final String BACKUP = "backup";

    /** The length of a slot in nanoseconds. */
    static final long SLOT_NANOS = 10_000_000;

    static final String ALL = "all";

    private static final int LOOK_EVERY = 64;

    /** Returns the name under which the commits of a slot are counted. */
    static String slot(long nanos) {
        return "slot-" + nanos / SLOT_NANOS;
    }

    @Override
    public Report work(Settings settings, Gate gate) throws Exception {
        KeySpace space = KeySpace.of(settings);
        Path backup = Path.of(settings.text(BACKUP));
        try (Store store = settings.open()) {
            Agent agent = store.agent("writer");
            Report report = new Report();
            gate.pass();
            long all = 0;
            long inSlot = 0;
            String slot = slot(System.nanoTime());
            while (all % LOOK_EVERY != 0 || !Files.exists(backup)) {
                int number = ThreadLocalRandom.current().nextInt(space.keys());
                agent.put(space.key(number), space.value(number)).orThrow();
                String now = slot(System.nanoTime());
                if (!now.equals(slot)) {
                    report.count(slot, inSlot);
                    slot = now;
                    inSlot = 0;
                }
                all++;
                inSlot++;
            }
            return report.count(ALL, all);
        }
    }
}
