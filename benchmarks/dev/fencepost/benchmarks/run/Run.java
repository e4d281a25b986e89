package dev.fencepost.benchmarks.run;

import dev.fencepost.benchmarks.report.Figure;
import dev.fencepost.benchmarks.report.Findings;
import dev.fencepost.benchmarks.report.Findings.Skipped;
import dev.fencepost.benchmarks.report.Latencies;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * One run of an experiment: its resources, and the receiver of its figures. The repeat of a figure is its number among
 * the figures of the subject with the same settings and unit. Thread-safe.
 */
public final class Run {
    /** The thoroughness of a run. */
    public enum Depth {
        /** A functional check only. */
        INSTANT(1, 100),
        /** Some minutes in all. */
        BRIEF(2, 300),
        WHOLE(3, 1_000);

        final int repeats;
        final Duration length;

        Depth(int repeats, long millis) {
            this.repeats = repeats;
            this.length = Duration.ofMillis(millis);
        }
    }

    private record Group(String subject, Map<String, String> settings, String unit) {
        Group {
            Objects.requireNonNull(subject, "subject");
            Objects.requireNonNull(unit, "unit");
            settings = new LinkedHashMap<>(settings);
        }
    }

    private final Depth depth;
    private final Duration length;
    private final Path disk;
    private final Path memory;
    private final Consumer<String> progress;
    private final Map<Group, List<Double>> figures = new LinkedHashMap<>();
    private final Map<Group, List<Double>> errors = new LinkedHashMap<>();
    private final Map<Group, List<Histogram>> histograms = new LinkedHashMap<>();
    private final List<Skipped> absences = new ArrayList<>();

    /**
     * Creates a run.
     *
     * @param length the measured time of one figure
     * @param disk an empty folder on a real disk
     * @param memory an empty folder in memory, or on disk if there is none
     * @param progress receives messages about the progress
     */
    public Run(Depth depth, Duration length, Path disk, Path memory, Consumer<String> progress) {
        this.depth = depth;
        this.length = length;
        this.disk = disk;
        this.memory = memory;
        this.progress = progress;
    }

    /** Returns settings of a figure from alternating names and values. */
    public static Map<String, String> settings(Object... namesAndValues) {
        return with(Map.of(), namesAndValues);
    }

    /** Returns the settings with more at the end, from alternating names and values. */
    public static Map<String, String> with(Map<String, String> settings, Object... namesAndValues) {
        Map<String, String> more = new LinkedHashMap<>(settings);
        for (int i = 0; i < namesAndValues.length; i += 2) {
            more.put(namesAndValues[i].toString(), words(namesAndValues[i + 1]));
        }
        return more;
    }

    /** Returns an enum constant as words, and other values unchanged. */
    private static String words(Object value) {
        return value instanceof Enum<?> constant
                ? constant.name().replace('_', ' ').toLowerCase(Locale.ROOT)
                : value.toString();
    }

    public Depth depth() {
        return depth;
    }

    /** Returns the number of repeats of each figure. */
    public int repeats() {
        return depth.repeats;
    }

    public Duration length() {
        return length;
    }

    public Path disk() {
        return disk;
    }

    public Path memory() {
        return memory;
    }

    /**
     * Records a figure of one repeat.
     *
     * @param subject the measured subject, such as 'fencepost' or 'redis'
     * @param settings the parameters of the measurement, such as threads or durability, in display order
     */
    public void figure(String subject, Map<String, String> settings, double value, String unit) {
        add(figures, new Group(subject, settings, unit), finite(value));
    }

    /**
     * Records a figure with its uncertainty.
     *
     * @param error half the width of its confidence interval of 99.9 %, in the same unit
     */
    public void figure(String subject, Map<String, String> settings, double value, double error, String unit) {
        add(errors, new Group(subject, settings, unit), finite(error));
        figure(subject, settings, value, unit);
    }

    /** Records what each of some commits cost; nothing if there are none. */
    public void costs(String subject, Map<String, String> settings, Costs costs, long commits) {
        for (Cost cost : Cost.values()) {
            Long amount = costs.amounts().get(cost);
            if (commits > 0 && amount != null) {
                figure(subject, settings, cost.scaled((double) amount / commits), cost.unit());
            }
        }
    }

    /** Records latencies in nanoseconds, corrected for coordinated omission if the load had a fixed rate. */
    public void latencies(String subject, Map<String, String> settings, Histogram nanos) {
        if (nanos.getTotalCount() == 0) {
            throw new IllegalArgumentException("no latencies of " + subject + " under " + settings);
        }
        add(histograms, new Group(subject, settings, "ns"), nanos.copy());
    }

    private static double finite(double value) {
        if (!Double.isFinite(value)) {
            throw new IllegalArgumentException("no figure: " + value);
        }
        return value;
    }

    private synchronized <T> void add(Map<Group, List<T>> all, Group group, T value) {
        all.computeIfAbsent(group, fresh -> new ArrayList<>()).add(value);
    }

    /** Records that a subject could not be measured here, and the reason. */
    public synchronized void absent(String subject, String why) {
        Skipped absence = new Skipped(subject, why);
        if (!absences.contains(absence)) {
            absences.add(absence);
        }
    }

    /** Reports progress. */
    public void progress(String what) {
        progress.accept(what);
    }

    /**
     * Reports progress within a repeat.
     *
     * @param repeat the number of the repeat, from 1
     */
    public void progress(int repeat, String what) {
        progress("repeat " + repeat + " of " + repeats() + ": " + what);
    }

    /** Returns the findings of the experiment that was run. */
    public synchronized Findings findings(Experiment experiment, Duration taken, @Nullable String failure) {
        List<Figure> all = new ArrayList<>();
        figures.forEach((group, values) -> all.add(figure(group, values)));
        List<Latencies> latencies = new ArrayList<>();
        histograms.forEach((group, repeats) -> latencies.add(Latencies.of(group.subject(), group.settings(), repeats)));
        return new Findings(
                experiment.name(),
                experiment.question(),
                taken.toMillis() / 1e3,
                failure,
                experiment.ratios(),
                all,
                latencies,
                absences);
    }

    /** Errors are recorded only if every repeat has one, so that they match their values. */
    private Figure figure(Group group, List<Double> values) {
        List<Double> known = errors.getOrDefault(group, List.of());
        return new Figure(
                group.subject(),
                group.settings(),
                group.unit(),
                values,
                known.size() == values.size() ? known : List.of());
    }
}
