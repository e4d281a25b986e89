package dev.fencepost.benchmarks.run;

import dev.fencepost.benchmarks.report.Ratio;
import java.util.List;

/**
 * One question that is answered by measurements. All compared subjects are measured in the same run. They take turns
 * within each repeat, so that a slowdown of the machine affects all of them.
 *
 * @param name a unique short name, in words joined by '-', for the command line
 * @param question the question, as one sentence for the report
 * @param ratios the ratios of subjects that the report shows
 */
public record Experiment(String name, String question, List<Ratio> ratios, Body body) {
    /** The measurements. */
    @FunctionalInterface
    public interface Body {
        /** Measures; the run receives the figures and specifies the measured time. */
        void measure(Run run) throws Exception;
    }

    public Experiment {
        ratios = List.copyOf(ratios);
    }

    public Experiment(String name, String question, Body body) {
        this(name, question, List.of(), body);
    }

    public void measure(Run run) throws Exception {
        body.measure(run);
    }
}
