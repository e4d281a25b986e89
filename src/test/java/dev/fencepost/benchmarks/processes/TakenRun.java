package dev.fencepost.benchmarks.processes;

import dev.fencepost.benchmarks.run.Run;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.HdrHistogram.Histogram;

/** A run at the depth of an instant that records its figures. */
record TakenRun(Path disk, Set<String> units, List<Double> figures, List<String> absent, List<String> progress)
        implements Run {
    TakenRun(Path disk) {
        this(disk, new TreeSet<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    }

    @Override
    public Depth depth() {
        return Depth.INSTANT;
    }

    @Override
    public int repeats() {
        return 1;
    }

    @Override
    public Duration length() {
        return Duration.ofMillis(100);
    }

    @Override
    public Path memory() {
        return disk;
    }

    @Override
    public void figure(String subject, Map<String, String> settings, double value, String unit) {
        units.add(unit);
        figures.add(value);
    }

    @Override
    public void latencies(String subject, Map<String, String> settings, Histogram nanos) {
        units.add("latencies");
        figures.add((double) nanos.getMaxValue());
    }

    @Override
    public void absent(String subject, String why) {
        absent.add(subject + ": " + why);
    }

    @Override
    public void progress(String what) {
        progress.add(what);
    }
}
