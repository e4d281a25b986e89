package dev.fencepost.benchmarks.processes;

import dev.fencepost.Durability;
import dev.fencepost.benchmarks.run.Run;
import dev.fencepost.benchmarks.run.TemporaryFolder;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * The cost of cached reads while another process commits. Each read must notice the commits unless it permits
 * staleness.
 */
final class ReadBesideCommits {
    /** With this durability any disk meets the offered load; the reader sees no difference. */
    private static final Durability DURABILITY = Durability.PROCESS_DEATH;

    private static final KeySpace READ = new KeySpace("read/", 100, NumberedText.USUAL);
    private static final KeySpace WRITTEN = new KeySpace("written/", 100, NumberedText.USUAL);
    private static final int COMMITS = 1_000;
    private static final int AGE_MILLIS = 10;

    private ReadBesideCommits() {}

    static void measure(Run run) throws Exception {
        for (int repeat = 0; repeat < run.repeats(); repeat++) {
            for (int commits : run.depth() == Run.Depth.INSTANT ? List.of(COMMITS) : List.of(0, COMMITS)) {
                one(run, commits, Figures.FENCEPOST, UnaryOperator.identity());
            }
            if (run.depth() != Run.Depth.INSTANT) {
                one(run, COMMITS, "fencepost-any", role -> role.with(ReadsValues.FRESHNESS, ReadsValues.ANY));
            }
            if (run.depth() == Run.Depth.WHOLE) {
                one(
                        run,
                        COMMITS,
                        "fencepost-at-most-" + AGE_MILLIS + "-ms",
                        role -> role.with(ReadsValues.FRESHNESS, AGE_MILLIS));
            }
        }
    }

    private static void one(Run run, int commits, String subject, UnaryOperator<Settings> freshness) throws Exception {
        Map<String, String> settings = Run.settings("commits", commits + "/s");
        run.progress(subject + " " + settings);
        List<Report> reports;
        try (TemporaryFolder folder = TemporaryFolder.in(run.disk(), "processes");
                WorkerGroup crew = new WorkerGroup(run, folder.path())) {
            Path file = folder.file("values.db");
            READ.fill(file, 1, written -> {});
            WRITTEN.fill(file, 1, written -> {});
            Settings role = Settings.of(file, DURABILITY).with(PutsValues.CHOICE, READ.keys());
            crew.add(ReadsValues.class, freshness.apply(READ.tell(role)));
            if (commits > 0) {
                crew.add(PutsValues.class, WRITTEN.tell(role).with(TimedLoop.RATE, commits));
            }
            reports = crew.work();
            READ.verify(file, READ.keys());
            WRITTEN.verify(file, WRITTEN.keys() + committed(reports, TimedLoop.ALL));
        }
        Figures.noteUnmet(run, Figures.perSecond(run, committed(reports, TimedLoop.COUNTED)), commits);
        double reads = Figures.perSecond(run, reports.get(0).count(ReadsValues.READS));
        run.figure(subject, settings, reads, "reads/s");
    }

    private static long committed(List<Report> reports, String what) {
        return Report.sum(reports.subList(1, reports.size()), what);
    }
}
