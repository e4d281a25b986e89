package dev.fencepost.benchmarks.processes;

import dev.fencepost.Freshness;
import dev.fencepost.Key;
import dev.fencepost.Store;
import dev.fencepost.Versioned;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Reads the values of random keys, the latest unless {@link #FRESHNESS} differs, and checks that no key's version ever
 * goes back. The report counts {@link #READS}: the reads that ended within the measured time.
 */
final class ReadsValues implements WorkerTask {
    static final String READS = "reads";

    /**
     * The setting with the freshness: {@link #ANY}, or the maximum staleness in milliseconds; the latest if it is
     * missing.
     */
    static final String FRESHNESS = "freshness";

    static final String ANY = "any";

    /**
     * The number of cached reads between two reads of the clock, if there is no pace. Reading the clock takes about as
     * long as a quick read.
     */
    private static final int BATCH = 100;

    private static final Key<String> REHEARSED = Key.text("rehearsed");

    @Override
    public Report work(Settings settings, Gate gate) throws Exception {
        WarmUp.hold(settings, (store, agent) -> {
            agent.put(REHEARSED, NumberedText.of(1, NumberedText.USUAL)).orThrow();
            store.get(REHEARSED).orElseThrow();
        });
        KeySpace space = KeySpace.of(settings);
        int[] numbers = space.sample((int) settings.number(PutsValues.CHOICE));
        List<Key<String>> keys = Arrays.stream(numbers).mapToObj(space::key).toList();
        boolean quick = settings.number(TimedLoop.RATE, 0) == 0 && settings.number(Settings.CACHE, 1) > 0;
        int batch = quick ? BATCH : 1;
        Freshness freshness = freshness(settings);
        try (Store store = settings.open()) {
            long[] seen = new long[numbers.length];
            for (int i = 0; i < numbers.length; i++) {
                Versioned<String> found = store.get(keys.get(i)).orElseThrow();
                Figures.check("the value of " + keys.get(i), numbers[i], NumberedText.number(found.value()));
                seen[i] = found.version();
            }
            Report report = TimedLoop.run(settings, gate, window -> {
                for (int n = 0; n < batch; n++) {
                    read(store, keys, freshness, seen);
                }
            });
            return report.count(READS, report.count(TimedLoop.COUNTED) * batch);
        }
    }

    private static Freshness freshness(Settings settings) {
        if (!settings.has(FRESHNESS)) {
            return Freshness.latest();
        }
        return settings.text(FRESHNESS).equals(ANY)
                ? Freshness.any()
                : Freshness.maxStaleness(Duration.ofMillis(settings.number(FRESHNESS)));
    }

    private static void read(Store store, List<Key<String>> keys, Freshness freshness, long[] seen) {
        int i = ThreadLocalRandom.current().nextInt(seen.length);
        long version = store.get(keys.get(i), freshness).orElseThrow().version();
        if (version < seen[i]) {
            throw new IllegalStateException(keys.get(i) + " went back from version " + seen[i] + " to " + version);
        }
        seen[i] = version;
    }
}
