package dev.fencepost.benchmarks.processes;

import dev.fencepost.Agent;
import dev.fencepost.Store;
import dev.fencepost.history.RetentionPolicy;

/**
 * Prunes all but the newest version of each key with a prefix, once. The report counts {@link #VERSIONS} and {@link
 * #NANOS}.
 */
final class PruneTask implements WorkerTask {
    /** The setting with the prefix. */
    static final String OF = "of";

    static final String VERSIONS = "versions";
    static final String NANOS = "nanos";

    @Override
    public Report work(Settings settings, Gate gate) throws Exception {
        try (Store store = settings.open()) {
            Agent agent = store.agent("keeper");
            agent.retention().setRule(settings.text(OF), RetentionPolicy.latest(1));
            gate.pass();
            long begun = System.nanoTime();
            long versions = agent.retention().apply().versions();
            return new Report().count(VERSIONS, versions).count(NANOS, System.nanoTime() - begun);
        }
    }
}
