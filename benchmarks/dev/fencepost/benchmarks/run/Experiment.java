package dev.fencepost.benchmarks.run;

import dev.fencepost.benchmarks.report.Ratio;
import java.util.List;

/** One question that is answered by measurements. All compared subjects are measured in the same run. */
public interface Experiment {
    /** Returns a unique short name, in words joined by '-', for the command line. */
    String name();

    /** Returns the question, as one sentence for the report. */
    String question();

    /** Returns the ratios of subjects that the report shows. */
    default List<Ratio> ratios() {
        return List.of();
    }

    /**
     * Runs the measurements. The subjects take turns within each repeat, so that a slowdown of the machine affects all
     * of them.
     *
     * @param run receives the figures, and specifies the measured time
     */
    void measure(Run run) throws Exception;
}
