package dev.fencepost.benchmarks.run;

import dev.fencepost.benchmarks.jmh.JmhExperiments;
import dev.fencepost.benchmarks.peers.PeerExperiments;
import dev.fencepost.benchmarks.processes.ProcessExperiments;
import java.util.List;
import java.util.stream.Stream;

/** The list of all experiments. */
final class Experiments {
    private Experiments() {}

    /** Returns the experiments in the order of execution and of the report. */
    static List<Experiment> all() {
        return Stream.of(PeerExperiments.all(), ProcessExperiments.all(), JmhExperiments.all())
                .flatMap(List::stream)
                .toList();
    }
}
