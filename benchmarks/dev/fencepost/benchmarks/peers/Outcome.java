package dev.fencepost.benchmarks.peers;

import dev.fencepost.benchmarks.run.Costs;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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
    private static final Pattern PRINTED =
            Pattern.compile("acknowledged=(\\d+) counted=(\\d+) seconds=([0-9.]+)( .*)\\s*");

    Outcome {
        counted = List.copyOf(counted);
    }

    /** Parses the line that a program prints about its commits, with its costs at the end. */
    static Outcome parse(String printed) throws IOException {
        Matcher matcher = PRINTED.matcher(printed);
        if (!matcher.matches()) {
            throw new IOException("The output of the program is not understood: " + printed);
        }
        Duration length = Duration.ofNanos(Math.round(Double.parseDouble(matcher.group(3)) * 1e9));
        long acknowledged = Long.parseLong(matcher.group(1));
        List<Long> counted = List.of(Long.parseLong(matcher.group(2)));
        return new Outcome(counted, acknowledged, 0, length, new Histogram(3), Costs.parse(matcher.group(4)));
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
