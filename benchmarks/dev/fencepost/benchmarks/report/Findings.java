package dev.fencepost.benchmarks.report;

import java.util.List;
import java.util.Optional;

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
        Optional<String> failure,
        List<Ratio> ratios,
        List<Figure> figures,
        List<Latencies> latencies,
        List<Skipped> absences) {
    public Findings {
        ratios = List.copyOf(ratios);
        figures = List.copyOf(figures);
        latencies = List.copyOf(latencies);
        absences = List.copyOf(absences);
    }

    /** Returns the findings as failed, with the existing reason or else this one. */
    Findings failed(String why) {
        return new Findings(
                name, question, seconds, failure.or(() -> Optional.of(why)), ratios, figures, latencies, absences);
    }
}
