package dev.fencepost.benchmarks.processes;

import dev.fencepost.Agent;
import dev.fencepost.Change;
import dev.fencepost.Store;
import dev.fencepost.Versioned;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

/** Waits for each change of a key until the last one, and records when it was seen. */
final class AwaitsChanges implements WorkerTask {
    private static final Duration LONG = Duration.ofMinutes(1);

    @Override
    public Report work(Settings settings, Gate gate) throws Exception {
        WarmUp.hold(settings, AwaitsChanges::rehearse);
        Changes.Times times = Changes.Times.map(settings);
        try (Store store = settings.open()) {
            long newest = store.get(Changes.KEY).orElseThrow().version();
            gate.pass();
            while (true) {
                Versioned<String> change = store.awaitChange(Changes.KEY, newest, LONG)
                        .flatMap(Change::versioned)
                        .orElseThrow(() -> new IllegalStateException("no change was seen for " + LONG));
                long seen = System.nanoTime();
                if (change.version() <= newest) {
                    throw new IllegalStateException("version " + change.version() + " came after " + newest);
                }
                newest = change.version();
                if (change.value().equals(Changes.LAST)) {
                    return new Report().count(Changes.NEWEST, newest);
                }
                Figures.check("the value of the version that was seen", newest, Long.parseLong(change.value()));
                times.seen((int) newest, seen);
            }
        }
    }

    /** Waits for changes that another thread makes, in place of another process. */
    private static void rehearse(Settings own) throws Exception {
        try (Store changing = own.open();
                Store waiting = own.open()) {
            Agent agent = changing.agent("rehearsal");
            WarmUp.repeat(() -> {
                long seen = waiting.get(Changes.KEY).map(Versioned::version).orElse(0L);
                CompletionStage<?> put = agent.async().put(Changes.KEY, "0");
                waiting.awaitChange(Changes.KEY, seen, LONG).orElseThrow();
                put.toCompletableFuture().join();
            });
        }
    }
}
