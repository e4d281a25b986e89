package dev.fencepost.benchmarks.peers;

import java.time.Duration;
import java.util.List;
import java.util.LongSummaryStatistics;
import org.HdrHistogram.Histogram;

/**
 * What came of a load.
 *
 * @param counted how many commits each thread completed in the time that counts
 * @param acknowledged all commits that were acknowledged, before and after that time too
 * @param failed how often a thread gave up within the time that counts
 * @param length the time that counts
 * @param latencies in nanoseconds, of the commits that began in that time; empty where they were not taken
 */
record Outcome(List<Long> counted, long acknowledged, long failed, Duration length, Histogram latencies) {
    Outcome {
        counted = List.copyOf(counted);
    }

    double perSecond() {
        return statistics().getSum() / (length.toNanos() / 1e9);
    }

    /** How much the slowest thread got, as a share of the mean; only where there were any commits. */
    double slowestShare() {
        return share(statistics().getMin());
    }

    /** How much the fastest thread got, as a share of the mean; only where there were any commits. */
    double fastestShare() {
        return share(statistics().getMax());
    }

    private double share(long commits) {
        return commits / statistics().getAverage();
    }

    private LongSummaryStatistics statistics() {
        return counted.stream().mapToLong(Long::longValue).summaryStatistics();
    }
}
