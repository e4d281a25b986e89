package dev.fencepost.benchmarks.run;

import dev.fencepost.benchmarks.jmh.JmhExperiments;
import dev.fencepost.benchmarks.peers.PeerExperiments;
import dev.fencepost.benchmarks.processes.ProcessExperiments;
import java.util.List;
import java.util.stream.Stream;

/** The one list of all experiments. */
final class Experiments {
    private Experiments() {}

    /** In the order in which they run and are reported. */
    static List<Experiment> all() {
        return Stream.of(PeerExperiments.all(), ProcessExperiments.all(), JmhExperiments.all())
                .flatMap(List::stream)
                .toList();
    }
}
