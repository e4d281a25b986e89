package dev.fencepost.benchmarks.processes;

import dev.fencepost.Agent;
import dev.fencepost.Store;

/** Changes a key at intervals, and records the times. */
final class MakesChanges implements WorkerTask {
    private int version = 1;

    @Override
    public Report work(Settings settings, Gate gate) throws Exception {
        WarmUp.hold(settings, MakesChanges::rehearse);
        Changes.Times times = Changes.Times.map(settings);
        try (Store store = settings.open()) {
            Agent agent = store.agent("writer");
            Report report = TimedLoop.run(settings, gate, window -> change(agent, times, window));
            long last = agent.put(Changes.KEY, Changes.LAST).orThrow().version();
            return report.count(Changes.NEWEST, last);
        }
    }

    private static void rehearse(Settings own) throws Exception {
        try (Store store = own.open()) {
            Agent agent = store.agent("rehearsal");
            WarmUp.repeat(() -> agent.put(Changes.KEY, "0").orThrow());
        }
    }

    private void change(Agent agent, Changes.Times times, Window window) {
        version++;
        long begun = System.nanoTime();
        long written =
                agent.put(Changes.KEY, Integer.toString(version)).orThrow().version();
        long acknowledged = System.nanoTime();
        Figures.check("the version that was written", version, written);
        if (window.hasBegun(begun)) {
            times.begun(version, begun);
            times.acknowledged(version, acknowledged);
        }
    }
}
