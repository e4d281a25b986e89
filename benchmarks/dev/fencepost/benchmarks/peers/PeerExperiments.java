package dev.fencepost.benchmarks.peers;

import dev.fencepost.benchmarks.run.Experiment;
import java.util.List;

/** The experiments of this package. */
public final class PeerExperiments {
    private PeerExperiments() {}

    /** Returns the experiments in the order of the report. */
    public static List<Experiment> all() {
        return List.of(new ThreadsMemory(), ThreadsOnDisk.durable(), ThreadsOnDisk.weak(), new HotKey());
    }
}
