package dev.fencepost.benchmarks.run;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.HdrHistogram.Histogram;

/** One run of an experiment: what it may take, and where its figures go. */
public interface Run {
    /** How thorough: an instant (only that it works), brief (some minutes in all), or whole. */
    Depth depth();

    /** How often each figure is taken. */
    int repeats();

    /** How long one figure is measured. */
    Duration length();

    /** An empty folder on a real disk. */
    Path disk();

    /** An empty folder in memory, or on disk where there is none. */
    Path memory();

    /**
     * Takes a figure of one repeat.
     *
     * @param subject what was measured, such as 'fencepost' or 'redis'
     * @param settings what was turned, such as threads or durability; in the order in which they are to be shown
     */
    void figure(String subject, Map<String, String> settings, double value, String unit);

    /**
     * Takes a figure together with how uncertain it is.
     *
     * @param error half the width of its confidence interval of 99.9 %, in the same unit
     */
    default void figure(String subject, Map<String, String> settings, double value, double error, String unit) {
        figure(subject, settings, value, unit);
    }

    /** Takes latencies, in nanoseconds, corrected for coordinated omission where load was offered at a fixed rate. */
    void latencies(String subject, Map<String, String> settings, Histogram nanos);

    /** Notes that something could not be measured here, and why. */
    void absent(String subject, String why);

    /** Notes the version of something that took part, such as a server. */
    default void version(String what, String version) {}

    /** Says what is going on. */
    void progress(String what);

    /**
     * Says what is going on in a repeat.
     *
     * @param repeat from 1
     */
    default void progress(int repeat, String what) {
        progress("repeat " + repeat + " of " + repeats() + ": " + what);
    }

    /** See {@link #depth}. */
    enum Depth {
        INSTANT,
        BRIEF,
        WHOLE
    }
}
