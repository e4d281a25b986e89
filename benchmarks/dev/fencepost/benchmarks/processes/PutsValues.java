package dev.fencepost.benchmarks.processes;

import dev.fencepost.Agent;
import dev.fencepost.Key;
import dev.fencepost.Store;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/** Writes values of random keys. */
final class PutsValues implements WorkerTask {
    /** The setting with the maximum number of keys from which one process chooses. */
    static final String CHOICE = "choice";

    @Override
    public Report work(Settings settings, Gate gate) throws Exception {
        KeySpace space = KeySpace.of(settings);
        WarmUp.hold(
                settings,
                (store, agent) -> agent.put(space.key(0), space.value(0)).orThrow());
        int[] numbers = space.sample((int) settings.number(CHOICE));
        List<Key<String>> keys = Arrays.stream(numbers).mapToObj(space::key).toList();
        try (Store store = settings.open()) {
            Agent agent = store.agent("writer");
            return TimedLoop.run(settings, gate, window -> {
                int i = ThreadLocalRandom.current().nextInt(numbers.length);
                agent.put(keys.get(i), space.value(numbers[i])).orThrow();
            });
        }
    }
}
