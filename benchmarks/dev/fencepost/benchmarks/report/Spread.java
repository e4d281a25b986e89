package dev.fencepost.benchmarks.report;

import java.util.List;

/** A summary of the figures of several repeats: the median and the range. */
public record Spread(double median, double least, double most) {
    /**
     * Returns the spread. For an even number of figures, the median is the mean of the middle two.
     *
     * @param values the figures; at least one
     */
    public static Spread of(List<Double> values) {
        if (values.isEmpty()) {
            throw new IllegalArgumentException("No figures have no median");
        }
        List<Double> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        double median = sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
        return new Spread(median, sorted.get(0), sorted.get(sorted.size() - 1));
    }
}
