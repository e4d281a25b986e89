package dev.fencepost.benchmarks.report;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;

/**
 * The latencies of one subject under the same settings, in nanoseconds.
 *
 * @param settings the settings in display order
 * @param repeats the histograms of the repeats in order; at least one
 */
public record Latencies(String subject, Map<String, String> settings, List<Histogram> repeats) implements Measurement {
    public Latencies {
        settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
        repeats = List.copyOf(repeats);
    }

    /** Returns the sum of all repeats. */
    public Histogram merged() {
        Histogram all = new Histogram(repeats.get(0).getNumberOfSignificantValueDigits());
        repeats.forEach(all::add);
        return all;
    }
}
