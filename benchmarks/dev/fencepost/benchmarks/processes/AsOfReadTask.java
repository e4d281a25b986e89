package dev.fencepost.benchmarks.processes;

import dev.fencepost.Key;
import dev.fencepost.Snapshot;
import dev.fencepost.Store;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Reads past state: values of random keys at random sequences, or all versions of a key if the setting {@link #HISTORY}
 * is set.
 */
final class AsOfReadTask implements WorkerTask {
    static final String HISTORY = "history";

    /** The number of concurrently open snapshots. */
    private static final int SNAPSHOTS = 100;

    @Override
    public Report work(Settings settings, Gate gate) throws Exception {
        KeySpace space = KeySpace.of(settings);
        int[] numbers = space.sample((int) settings.number(PutsValues.CHOICE));
        List<Key<String>> keys = Arrays.stream(numbers).mapToObj(space::key).toList();
        boolean history = settings.has(HISTORY);
        List<Snapshot> snapshots = new ArrayList<>();
        try (Store store = settings.open()) {
            long last =
                    store.agent("reader").put(Key.text("last"), "x").orThrow().sequence();
            for (int i = 0; i < SNAPSHOTS && !history; i++) {
                // All keys exist from a tenth of the sequences on.
                snapshots.add(store.snapshotAt(ThreadLocalRandom.current().nextLong(Math.max(1, last / 5), last + 1)));
            }
            return TimedLoop.run(settings, gate, window -> {
                int i = ThreadLocalRandom.current().nextInt(numbers.length);
                String value = history
                        ? store.history().of(keys.get(i)).get(0).value().orElseThrow()
                        : snapshots
                                .get(ThreadLocalRandom.current().nextInt(snapshots.size()))
                                .get(keys.get(i))
                                .orElseThrow()
                                .value();
                Figures.check("the value of " + keys.get(i), numbers[i], NumberedText.number(value));
            });
        }
    }
}
