package dev.fencepost.benchmarks.peers;

import dev.fencepost.benchmarks.run.Costs;
import java.time.Duration;
import java.util.List;
import java.util.LongSummaryStatistics;
import org.HdrHistogram.Histogram;

/**
 * The results of a load.
 *
 * @param counted the number of commits of each thread in the measured time
 * @param acknowledged the number of all acknowledged commits, including those before and after that time
 * @param failed the number of times that a thread gave up in the measured time
 * @param length the measured time
 * @param latencies the latencies in nanoseconds of the commits that began in that time; empty if they were not measured
 * @param costs the costs of all acknowledged commits
 */
record Outcome(List<Long> counted, long acknowledged, long failed, Duration length, Histogram latencies, Costs costs) {
    Outcome {
        counted = List.copyOf(counted);
    }

    /** Returns the same results with these costs. */
    Outcome costing(Costs spent) {
        return new Outcome(counted, acknowledged, failed, length, latencies, spent);
    }

    double perSecond() {
        return statistics().getSum() / (length.toNanos() / 1e9);
    }

    /** Returns the commits of the slowest thread as a share of the mean; only defined if there are commits. */
    double slowestShare() {
        return share(statistics().getMin());
    }

    /** Returns the commits of the fastest thread as a share of the mean; only defined if there are commits. */
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
