package dev.fencepost.benchmarks.processes;

import dev.fencepost.benchmarks.run.Run;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import org.HdrHistogram.Histogram;

/** Shared parts of the experiments' figures. */
final class Figures {
    static final String FENCEPOST = "fencepost";

    /** The minimum share of an offered load that counts as met, because loads are offered at random times. */
    private static final double MET = 0.8;

    private Figures() {}

    /** Returns the rate per second of the measured time. */
    static double perSecond(Run run, long count) {
        return count / seconds(run.length());
    }

    static double seconds(Duration length) {
        return length.toNanos() / 1e9;
    }

    /** Reports latencies if there are any. */
    static void latencies(Run run, String subject, Map<String, String> settings, Histogram nanos) {
        if (nanos.getTotalCount() > 0) {
            run.latencies(subject, settings, nanos);
        }
    }

    /** Reports an offered load that was not met. */
    static void noteUnmet(Run run, double perSecond, double offered) {
        if (perSecond < offered * MET) {
            run.progress(String.format(
                    Locale.ROOT,
                    "only %.0f of %.0f were done each second: latencies, if any, are those of a queue that grows",
                    perSecond,
                    offered));
        }
    }

    /** Tells whether times can be compared between processes; reports if not. */
    static boolean oneClock(Run run) {
        boolean linux = System.getProperty("os.name").startsWith("Linux");
        if (!linux) {
            run.absent(FENCEPOST, "times between processes: only on Linux do they share the clock of System.nanoTime");
        }
        return linux;
    }

    /** Rejects an experiment with a wrong result: the speed of a wrong answer is worthless. */
    static void check(String what, long expected, long actual) {
        if (expected != actual) {
            throw new IllegalStateException(what + ": expected " + expected + ", but it is " + actual);
        }
    }
}
