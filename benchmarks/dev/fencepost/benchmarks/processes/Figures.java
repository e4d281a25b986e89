package dev.fencepost.benchmarks.processes;

import dev.fencepost.Durability;
import dev.fencepost.benchmarks.run.Run;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.HdrHistogram.Histogram;

/** What the experiments' figures have in common. */
final class Figures {
    static final String FENCEPOST = "fencepost";

    /** The least share of a load that counts as having met it, since loads are offered at random times. */
    private static final double MET = 0.8;

    private Figures() {}

    /** Settings of a figure, in this order: name, value, name, value. */
    static Map<String, String> settings(Object... namesAndValues) {
        Map<String, String> settings = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            settings.put(namesAndValues[i].toString(), namesAndValues[i + 1].toString());
        }
        return settings;
    }

    /** The same settings, and one more at the end. */
    static Map<String, String> with(Map<String, String> settings, String name, Object value) {
        Map<String, String> more = new LinkedHashMap<>(settings);
        more.put(name, value.toString());
        return more;
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
    static void latencies(Run run, String subject, Map<String, String> settings, Histogram nanos) {
        if (nanos.getTotalCount() > 0) {
            run.latencies(subject, settings, nanos);
        }
    }

    /** Says so if a load that was offered was not met. */
    static void noteUnmet(Run run, double perSecond, double offered) {
        if (perSecond < offered * MET) {
            run.progress(String.format(
                    Locale.ROOT,
                    "only %.0f of %.0f were done each second: latencies, if any, are those of a queue that grows",
                    perSecond,
                    offered));
        }
    }

    /** Whether times can be compared between processes; says so if not. */
    static boolean oneClock(Run run) {
        boolean linux = System.getProperty("os.name").startsWith("Linux");
        if (!linux) {
            run.absent(FENCEPOST, "times between processes: only on Linux do they share the clock of System.nanoTime");
        }
        return linux;
    }

    /** Refuses an experiment whose result is wrong: a fast wrong answer is none. */
    static void check(String what, long expected, long actual) {
        if (expected != actual) {
            throw new IllegalStateException(what + ": expected " + expected + ", but it is " + actual);
        }
    }
}
