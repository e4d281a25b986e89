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
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * Collects the findings of one experiment. The repeat of a figure is its number among the figures of the subject with
 * the same settings and unit. Thread-safe.
 */
final class Recorder implements Run {
    private record Group(String subject, Map<String, String> settings, String unit) {}

    private record Value(double value, Optional<Double> error) {}

    private final Effort effort;
    private final Path disk;
    private final Path memory;
    private final Consumer<String> progress;
    private final Map<Group, List<Value>> figures = new LinkedHashMap<>();
    private final Map<Group, List<Histogram>> histograms = new LinkedHashMap<>();
    private final List<Skipped> absences = new ArrayList<>();
    private final Map<String, String> versions = new TreeMap<>();

    Recorder(Effort effort, Path disk, Path memory, Consumer<String> progress) {
        this.effort = effort;
        this.disk = disk;
        this.memory = memory;
        this.progress = progress;
    }

    @Override
    public Depth depth() {
        return effort.depth();
    }

    @Override
    public int repeats() {
        return effort.repeats();
    }

    @Override
    public Duration length() {
        return effort.length();
    }

    @Override
    public Path disk() {
        return disk;
    }

    @Override
    public Path memory() {
        return memory;
    }

    @Override
    public void figure(String subject, Map<String, String> settings, double value, String unit) {
        add(group(subject, settings, unit), new Value(value, Optional.empty()));
    }

    @Override
    public void figure(String subject, Map<String, String> settings, double value, double error, String unit) {
        add(group(subject, settings, unit), new Value(value, Optional.of(error)));
    }

    private synchronized void add(Group group, Value value) {
        if (!Double.isFinite(value.value()) || !Double.isFinite(value.error().orElse(0.0))) {
            throw new IllegalArgumentException("no figure: " + value + " of " + group);
        }
        figures.computeIfAbsent(group, fresh -> new ArrayList<>()).add(value);
    }

    @Override
    public synchronized void latencies(String subject, Map<String, String> settings, Histogram nanos) {
        if (nanos.getTotalCount() == 0) {
            throw new IllegalArgumentException("no latencies of " + subject + " under " + settings);
        }
        histograms
                .computeIfAbsent(group(subject, settings, "ns"), fresh -> new ArrayList<>())
                .add(nanos.copy());
    }

    @Override
    public synchronized void absent(String subject, String why) {
        Skipped absence = new Skipped(subject, why);
        if (!absences.contains(absence)) {
            absences.add(absence);
        }
    }

    @Override
    public synchronized void version(String what, String version) {
        versions.put(what, version);
    }

    @Override
    public void progress(String what) {
        progress.accept(what);
    }

    synchronized Map<String, String> versions() {
        return Map.copyOf(versions);
    }

    synchronized Findings findings(Experiment experiment, Duration taken, @Nullable String failure) {
        List<Figure> all = new ArrayList<>();
        figures.forEach((group, values) -> all.add(figure(group, values)));
        List<Latencies> latencies = new ArrayList<>();
        histograms.forEach(
                (group, repeats) -> latencies.add(new Latencies(group.subject(), group.settings(), repeats)));
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
    private static Figure figure(Group group, List<Value> values) {
        List<Double> errors =
                values.stream().flatMap(value -> value.error().stream()).toList();
        return new Figure(
                group.subject(),
                group.settings(),
                group.unit(),
                values.stream().map(Value::value).toList(),
                errors.size() == values.size() ? errors : List.of());
    }

    private static Group group(String subject, Map<String, String> settings, String unit) {
        Objects.requireNonNull(unit, "unit");
        return new Group(Objects.requireNonNull(subject, "subject"), new LinkedHashMap<>(settings), unit);
    }
}
