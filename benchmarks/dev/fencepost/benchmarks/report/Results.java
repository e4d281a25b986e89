package dev.fencepost.benchmarks.report;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.List;

/**
 * All findings, with the environment of the run.
 *
 * @param experiments the findings in the order of the experiments
 */
@JsonPropertyOrder({"circumstances", "aims", "experiments"})
public record Results(Environment circumstances, List<Findings> experiments) {
    public Results {
        experiments = List.copyOf(experiments);
    }

    @JsonProperty("aims")
    List<Target.Result> targets() {
        return Targets.ALL.stream().map(target -> target.judge(this)).toList();
    }
}
