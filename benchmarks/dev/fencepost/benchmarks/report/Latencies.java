package dev.fencepost.benchmarks.report;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;

/**
 * The latencies of one subject under the same settings, in nanoseconds.
 *
 * @param settings the settings in display order
 * @param all the summary of all repeats
 * @param repeats the summaries of the repeats in order
 * @param histograms the histograms of the repeats in order; empty if they were read from a report
 */
public record Latencies(
        String subject,
        Map<String, String> settings,
        Percentiles all,
        List<Percentiles> repeats,
        @JsonIgnore List<Histogram> histograms)
        implements Measurement {
    /** A summary of a histogram, in nanoseconds. */
    public record Percentiles(
            long p50,
            long p90,
            long p99,
            @JsonProperty("p99.9") long p999,
            long max,
            long count) {
        private static Percentiles of(Histogram histogram) {
            return new Percentiles(
                    histogram.getValueAtPercentile(50),
                    histogram.getValueAtPercentile(90),
                    histogram.getValueAtPercentile(99),
                    histogram.getValueAtPercentile(99.9),
                    histogram.getMaxValue(),
                    histogram.getTotalCount());
        }
    }

    public Latencies {
        settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
        repeats = List.copyOf(repeats);
        histograms = List.copyOf(histograms);
    }

    /**
     * Returns latencies with their summaries.
     *
     * @param histograms the histograms of the repeats in order; at least one
     */
    public static Latencies of(String subject, Map<String, String> settings, List<Histogram> histograms) {
        return new Latencies(
                subject,
                settings,
                Percentiles.of(merged(histograms)),
                histograms.stream().map(Percentiles::of).toList(),
                histograms);
    }

    /** Returns the sum of all repeats. */
    Histogram merged() {
        return merged(histograms);
    }

    private static Histogram merged(List<Histogram> histograms) {
        Histogram all = new Histogram(histograms.get(0).getNumberOfSignificantValueDigits());
        histograms.forEach(all::add);
        return all;
    }
}
