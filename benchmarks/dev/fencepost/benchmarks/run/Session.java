package dev.fencepost.benchmarks.run;

import dev.fencepost.benchmarks.report.Environment;
import dev.fencepost.benchmarks.report.Findings;
import dev.fencepost.benchmarks.report.Machine;
import dev.fencepost.benchmarks.report.Reports;
import dev.fencepost.benchmarks.report.Versions;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Runs experiments in sequence. A failed experiment is reported, and the others still run. */
final class Session {
    private final Effort effort;
    private final Places places;
    private final Path out;
    private final PrintWriter terminal;

    Session(Effort effort, Places places, Path out, PrintWriter terminal) {
        this.effort = effort;
        this.places = places;
        this.out = out;
        this.terminal = terminal;
    }

    /** Runs the experiments; returns whether none failed. */
    boolean run(List<Experiment> experiments) throws Exception {
        String depth = effort.depth().name().toLowerCase(Locale.ROOT);
        Environment circumstances = new Environment(
                Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
                Versions.commit(),
                depth,
                effort.repeats(),
                effort.length().toMillis(),
                Machine.here(places.disk(), places.memory()),
                Versions.here());
        Progress progress = new Progress(
                terminal,
                System::nanoTime,
                experiments.stream().map(Experiment::name).toList(),
                Reports.seconds(out, depth));
        Reports reports = new Reports(out);
        List<String> failed = new ArrayList<>();
        for (Experiment experiment : experiments) {
            Recorder recorder = recorder(experiment, progress);
            Findings findings = measure(experiment, recorder, progress);
            circumstances = circumstances.with(recorder.versions());
            if (reports.add(findings, circumstances).failure() != null) {
                failed.add(experiment.name());
            }
        }
        terminal.println("The reports are in " + out.toAbsolutePath()
                + (failed.isEmpty() ? "" : "; failed: " + String.join(", ", failed)));
        return failed.isEmpty();
    }

    private Recorder recorder(Experiment experiment, Progress progress) throws Exception {
        return new Recorder(
                effort,
                Places.fresh(places.disk(), experiment.name()),
                Places.fresh(places.memory(), experiment.name()),
                progress::say);
    }

    /** Runs one experiment. None of its exceptions and errors, even of the virtual machine, may stop the others. */
    private Findings measure(Experiment experiment, Recorder recorder, Progress progress) throws Exception {
        progress.begin(experiment.name());
        @Nullable String failure = null;
        try {
            experiment.measure(recorder);
        } catch (InterruptedException e) {
            throw e;
        } catch (Throwable e) {
            e.printStackTrace(terminal);
            failure = causes(e);
        }
        Duration taken = progress.end(failure == null ? "done" : "FAILED");
        Places.delete(recorder.disk());
        Places.delete(recorder.memory());
        return recorder.findings(experiment, taken, failure);
    }

    private static String causes(Throwable failure) {
        StringBuilder words = new StringBuilder(failure.toString());
        for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
            words.append("; caused by ").append(cause);
        }
        return words.toString();
    }
}
