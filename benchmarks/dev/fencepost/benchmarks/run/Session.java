package dev.fencepost.benchmarks.run;

import dev.fencepost.benchmarks.report.DiskSync;
import dev.fencepost.benchmarks.report.Environment;
import dev.fencepost.benchmarks.report.Findings;
import dev.fencepost.benchmarks.report.PerformancePage;
import dev.fencepost.benchmarks.report.Reports;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Runs experiments in sequence. A failed experiment is reported, and the others still run. */
record Session(Run.Depth depth, Places places, Path out, PrintWriter terminal) {
    private static final int SYNCS = 200;
    private static final int FEW_SYNCS = 10;

    /** Runs the experiments; returns whether none failed. */
    boolean run(List<Experiment> experiments) throws Exception {
        String name = depth.name().toLowerCase(Locale.ROOT);
        Environment circumstances = new Environment(
                Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
                Environment.commitHere(),
                name,
                depth.repeats,
                depth.length.toMillis(),
                Environment.Machine.here(places.disk(), places.memory()),
                DiskSync.of(places.disk(), depth == Run.Depth.INSTANT ? FEW_SYNCS : SYNCS),
                Environment.versionsHere());
        Progress progress = new Progress(
                terminal,
                System::nanoTime,
                experiments.stream().map(Experiment::name).toList(),
                Reports.seconds(out, name));
        Reports reports = new Reports(out);
        List<String> failed = new ArrayList<>();
        for (Experiment experiment : experiments) {
            if (reports.add(measure(experiment, progress), circumstances).failure() != null) {
                failed.add(experiment.name());
            }
        }
        if (PerformancePage.shows(out)) {
            PerformancePage.update();
        }
        terminal.println("The reports are in " + out.toAbsolutePath()
                + (failed.isEmpty() ? "" : "; failed: " + String.join(", ", failed)));
        return failed.isEmpty();
    }

    /** Runs one experiment. None of its exceptions and errors, even of the virtual machine, may stop the others. */
    private Findings measure(Experiment experiment, Progress progress) throws Exception {
        try (TemporaryFolder disk = TemporaryFolder.in(places.disk(), experiment.name());
                TemporaryFolder memory = TemporaryFolder.in(places.memory(), experiment.name())) {
            Run run = new Run(depth, depth.length, disk.path(), memory.path(), progress::say);
            progress.begin(experiment.name());
            try {
                experiment.measure(run);
            } catch (InterruptedException e) {
                throw e;
            } catch (Throwable e) {
                e.printStackTrace(terminal);
                return run.findings(experiment, progress.end("FAILED"), causes(e));
            }
            return run.findings(experiment, progress.end("done"), null);
        }
    }

    private static String causes(Throwable failure) {
        StringBuilder words = new StringBuilder(failure.toString());
        for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
            words.append("; caused by ").append(cause);
        }
        return words.toString();
    }
}
