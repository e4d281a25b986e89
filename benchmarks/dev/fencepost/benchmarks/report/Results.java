package dev.fencepost.benchmarks.report;

import java.util.List;
import java.util.Optional;

/**
 * All findings, with the environment of the run.
 *
 * @param experiments the findings in the order of the experiments
 */
public record Results(Environment circumstances, List<Findings> experiments) {
    public Results {
        experiments = List.copyOf(experiments);
    }

    Optional<Findings> experiment(String name) {
        return experiments.stream().filter(one -> one.name().equals(name)).findFirst();
    }
}
