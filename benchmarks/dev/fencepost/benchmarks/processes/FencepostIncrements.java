package dev.fencepost.benchmarks.processes;

import dev.fencepost.Agent;
import dev.fencepost.Durability;
import dev.fencepost.Key;
import dev.fencepost.RetryPolicy;
import dev.fencepost.Store;
import java.nio.file.Path;
import java.time.Duration;

/** Increments one counter in a store. */
final class FencepostIncrements implements OneKey.Increments {
    static final Key<String> COUNTER = Key.text("counter");
    private static final String ZERO = NumberedText.of(0, NumberedText.USUAL);
    private static final RetryPolicy PATIENT =
            RetryPolicy.standard().maxAttempts(1_000_000).maxDuration(Duration.ofMinutes(1));

    @Override
    public void create(Path file) {
        try (Store store = Settings.of(file, Durability.POWER_LOSS).open()) {
            store.agent("setup").put(COUNTER, ZERO).orThrow();
        }
    }

    @Override
    public Report work(Settings settings, Gate gate) throws Exception {
        WarmUp.hold(settings, (store, agent) -> increment(agent));
        try (Store store = settings.open()) {
            Agent agent = store.agent("worker-" + settings.number("number"));
            return TimedLoop.run(settings, gate, window -> increment(agent));
        }
    }

    private static void increment(Agent agent) {
        agent.update(COUNTER, ZERO, NumberedText::next, PATIENT);
    }

    @Override
    public void verify(Path file, long acknowledged) {
        try (Store store = Settings.of(file, Durability.POWER_LOSS).open()) {
            var counter = store.get(COUNTER).orElseThrow();
            Figures.check("the counter in the store", acknowledged, NumberedText.number(counter.value()));
            Figures.check("its version", acknowledged + 1, counter.version());
        }
    }
}
