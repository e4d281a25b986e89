package dev.fencepost.benchmarks.report;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.HdrHistogram.Histogram;

/** A summary of a histogram of latencies, in nanoseconds. */
record Percentiles(
        long p50, long p90, long p99, @JsonProperty("p99.9") long p999, long max, long count) {
    static Percentiles of(Histogram histogram) {
        return new Percentiles(
                histogram.getValueAtPercentile(50),
                histogram.getValueAtPercentile(90),
                histogram.getValueAtPercentile(99),
                histogram.getValueAtPercentile(99.9),
                histogram.getMaxValue(),
                histogram.getTotalCount());
    }
}
