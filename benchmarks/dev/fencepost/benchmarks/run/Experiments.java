package dev.fencepost.benchmarks.run;

import dev.fencepost.benchmarks.jmh.JmhExperiments;
import dev.fencepost.benchmarks.peers.PeerExperiments;
import dev.fencepost.benchmarks.processes.ProcessExperiments;
import java.util.List;
import java.util.stream.Stream;

/** The list of all experiments. */
final class Experiments {
    /** The experiments in the order of execution and of the report. */
    static final List<Experiment> ALL = Stream.of(PeerExperiments.ALL, ProcessExperiments.ALL, JmhExperiments.ALL)
            .flatMap(List::stream)
            .toList();

    private Experiments() {}
}
