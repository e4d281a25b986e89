package dev.fencepost.benchmarks.run;

import dev.fencepost.benchmarks.report.Ratio;
import java.util.List;

/** An experiment that does as a test wants. */
record StubExperiment(String name, Body body) implements Experiment {
    /** What it does. */
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
