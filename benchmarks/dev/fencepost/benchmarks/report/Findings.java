package dev.fencepost.benchmarks.report;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The findings of one experiment.
 *
 * @param seconds its duration in seconds
 * @param failure the reason why it failed, if it did; earlier figures are included
 */
public record Findings(
        String name,
        String question,
        double seconds,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String failure,
        @JsonIgnore List<Ratio> ratios,
        List<Figure> figures,
        List<Latencies> latencies,
        List<Skipped> absences) {
    /** A subject that could not be measured, and the reason. */
    public record Skipped(String subject, String why) {}

    public Findings {
        ratios = List.copyOf(ratios);
        figures = List.copyOf(figures);
        latencies = List.copyOf(latencies);
        absences = List.copyOf(absences);
    }

    /** Returns the findings as failed, with the existing reason or else this one. */
    Findings failed(String why) {
        return new Findings(
                name, question, seconds, failure == null ? why : failure, ratios, figures, latencies, absences);
    }
}
