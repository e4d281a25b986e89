package dev.fencepost.benchmarks.report;

import java.util.List;
import java.util.Optional;

/**
 * All that was found, and under which circumstances.
 *
 * @param experiments in the order in which they ran
 */
public record Results(Environment circumstances, List<Findings> experiments) {
    public Results {
        experiments = List.copyOf(experiments);
    }

    Optional<Findings> experiment(String name) {
        return experiments.stream().filter(one -> one.name().equals(name)).findFirst();
    }
}
