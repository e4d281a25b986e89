package dev.fencepost.benchmarks.report;

import java.util.List;
import java.util.Optional;

/**
 * What an experiment found.
 *
 * @param seconds how long it took
 * @param failure why it broke off, if it did; what it had found until then is kept
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

    /** The same, as failed: for the reason that it had already, or else for this one. */
    Findings failed(String why) {
        return new Findings(
                name, question, seconds, failure.or(() -> Optional.of(why)), ratios, figures, latencies, absences);
    }
}
