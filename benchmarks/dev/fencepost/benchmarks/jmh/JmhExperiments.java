package dev.fencepost.benchmarks.jmh;

import dev.fencepost.benchmarks.jmh.JmhExperiment.Variant;
import dev.fencepost.benchmarks.report.Ratio;
import dev.fencepost.benchmarks.run.Experiment;
import dev.fencepost.benchmarks.run.Run.Depth;
import java.util.List;

/** All experiments that JMH measures. */
public final class JmhExperiments {
    private JmhExperiments() {}

    /** In the order in which they are reported. */
    public static List<Experiment> all() {
        return List.of(reads());
    }

    private static Experiment reads() {
        return new JmhExperiment(
                "reads",
                "What does a read cost in each of the ways there are, beside that of a bare cache that promises nothing?",
                Reads.class,
                "read",
                List.of(new Ratio("latest-from-cache", "bare-caffeine")),
                depth -> depth == Depth.WHOLE ? List.of(new Variant(1), new Variant(8)) : List.of(new Variant(1)));
    }
}
