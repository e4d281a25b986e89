package dev.fencepost.benchmarks.run;

import dev.fencepost.benchmarks.report.Ratio;
import java.util.List;

/** One question that is answered by measuring, with everything that is compared measured in the same run. */
public interface Experiment {
    /** A short name in words joined by '-', unique, by which it is chosen on the command line. */
    String name();

    /** What is asked, as one sentence for the report. */
    String question();

    /** Which subjects the report is to show as multiples of which. */
    default List<Ratio> ratios() {
        return List.of();
    }

    /**
     * Measures. Subjects that are compared take turns within each repeat, so that a machine that slows down slows all
     * of them.
     *
     * @param run takes the figures, and says how long to measure
     */
    void measure(Run run) throws Exception;
}
