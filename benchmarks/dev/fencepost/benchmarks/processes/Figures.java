package dev.fencepost.benchmarks.processes;

import dev.fencepost.Durability;
import dev.fencepost.benchmarks.run.Run;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;

/** What the experiments' figures have in common. */
final class Figures {
    static final String FENCEPOST = "fencepost";

    private Figures() {}

    /** Settings of a figure, in this order: name, value, name, value. */
    static Map<String, String> settings(Object... namesAndValues) {
        Map<String, String> settings = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            settings.put(namesAndValues[i].toString(), namesAndValues[i + 1].toString());
        }
        return settings;
    }

    static String named(Durability durability) {
        return durability == Durability.POWER_LOSS ? "power loss" : "process death";
    }

    /** How many there were each second of the time that is measured. */
    static double perSecond(Run run, long count) {
        return count / seconds(run.length());
    }

    static double seconds(Duration length) {
        return length.toNanos() / 1e9;
    }

    /** Hands latencies in, if there are any. */
    static void latencies(Run run, String subject, Map<String, String> settings, List<Report> reports) {
        Histogram merged = Report.merged(reports, TimedLoop.LATENCIES);
        if (merged.getTotalCount() > 0) {
            run.latencies(subject, settings, merged);
        }
    }

    /** Refuses an experiment whose result is wrong: a fast wrong answer is none. */
    static void check(String what, long expected, long actual) {
        if (expected != actual) {
            throw new IllegalStateException(what + ": expected " + expected + ", but it is " + actual);
        }
    }
}
