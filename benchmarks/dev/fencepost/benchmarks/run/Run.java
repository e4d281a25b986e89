package dev.fencepost.benchmarks.run;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.HdrHistogram.Histogram;

/** One run of an experiment: its resources, and the receiver of its figures. */
public interface Run {
    /** Returns the thoroughness: an instant (a functional check only), brief (some minutes in all), or whole. */
    Depth depth();

    /** Returns the number of repeats of each figure. */
    int repeats();

    /** Returns the measured time of one figure. */
    Duration length();

    /** Returns an empty folder on a real disk. */
    Path disk();

    /** Returns an empty folder in memory, or on disk if there is none. */
    Path memory();

    /**
     * Records a figure of one repeat.
     *
     * @param subject the measured subject, such as 'fencepost' or 'redis'
     * @param settings the parameters of the measurement, such as threads or durability, in display order
     */
    void figure(String subject, Map<String, String> settings, double value, String unit);

    /**
     * Records a figure with its uncertainty.
     *
     * @param error half the width of its confidence interval of 99.9 %, in the same unit
     */
    default void figure(String subject, Map<String, String> settings, double value, double error, String unit) {
        figure(subject, settings, value, unit);
    }

    /** Records latencies in nanoseconds, corrected for coordinated omission if the load had a fixed rate. */
    void latencies(String subject, Map<String, String> settings, Histogram nanos);

    /** Records that a subject could not be measured here, and the reason. */
    void absent(String subject, String why);

    /** Records the version of a component, such as a server. */
    default void version(String what, String version) {}

    /** Reports progress. */
    void progress(String what);

    /**
     * Reports progress within a repeat.
     *
     * @param repeat the number of the repeat, from 1
     */
    default void progress(int repeat, String what) {
        progress("repeat " + repeat + " of " + repeats() + ": " + what);
    }

    /** The thoroughness of a run; see {@link #depth}. */
    enum Depth {
        INSTANT,
        BRIEF,
        WHOLE
    }
}
