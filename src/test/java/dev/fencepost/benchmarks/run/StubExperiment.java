package dev.fencepost.benchmarks.run;

import dev.fencepost.benchmarks.report.Ratio;
import java.util.List;

/** An experiment with a body that a test provides. */
record StubExperiment(String name, Body body) implements Experiment {
    /** The body of the experiment. */
    interface Body {
        void measure(Run run) throws Exception;
    }

    @Override
    public String question() {
        return "Does " + name + " work?";
    }

    @Override
    public List<Ratio> ratios() {
        return List.of(new Ratio("fast", "slow"));
    }

    @Override
    public void measure(Run run) throws Exception {
        body.measure(run);
    }
}
