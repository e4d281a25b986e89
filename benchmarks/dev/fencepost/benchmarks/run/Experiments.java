package dev.fencepost.benchmarks.run;

import dev.fencepost.benchmarks.jmh.JmhExperiments;
import java.util.List;
import java.util.stream.Stream;

/** The one list of all experiments. */
final class Experiments {
    private Experiments() {}

    /** In the order in which they run and are reported. */
    static List<Experiment> all() {
        return Stream.of(JmhExperiments.all()).flatMap(List::stream).toList();
    }
}
