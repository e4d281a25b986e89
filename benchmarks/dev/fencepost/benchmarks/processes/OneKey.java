package dev.fencepost.benchmarks.processes;

import dev.fencepost.Durability;
import dev.fencepost.benchmarks.run.Run;
import dev.fencepost.benchmarks.run.TemporaryFolder;
import java.nio.file.Path;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.Map;

/** Several processes that increment one counter. */
final class OneKey {
    /** The offered load of all processes together, well below the capacity of one process. */
    private static final int PACED_PER_SECOND = 100;

    private static final Durability DURABILITY = Durability.POWER_LOSS;

    /** A process that increments one counter. */
    interface Increments extends WorkerTask {
        /** Creates a file with the counter at zero. */
        void create(Path file) throws Exception;

        /** Checks that the counter and the length of its history equal the number of acknowledged increments. */
        void verify(Path file, long acknowledged) throws Exception;
    }

    /** The subjects of the comparison. */
    private enum Subject {
        FENCEPOST(Figures.FENCEPOST, new FencepostIncrements()),
        SQLITE_BUSY_TIMEOUT("sqlite-busy-timeout", new SqliteIncrements()),
        SQLITE_PATIENT("sqlite-patient", new SqliteIncrements());

        private final String label;
        private final Increments increments;

        Subject(String label, Increments increments) {
            this.label = label;
            this.increments = increments;
        }
    }

    private OneKey() {}

    static void measure(Run run) throws Exception {
        boolean instant = run.depth() == Run.Depth.INSTANT;
        List<Integer> counts = switch (run.depth()) {
            case INSTANT -> List.of(2);
            case BRIEF -> List.of(1, 8);
            case WHOLE -> List.of(1, 2, 4, 8);
        };
        List<Subject> subjects =
                instant ? List.of(Subject.FENCEPOST, Subject.SQLITE_BUSY_TIMEOUT) : List.of(Subject.values());
        for (int repeat = 0; repeat < run.repeats(); repeat++) {
            for (int processes : counts) {
                for (Subject subject : subjects) {
                    one(run, subject, processes, 0);
                }
                if (run.depth() != Run.Depth.BRIEF) {
                    one(run, Subject.FENCEPOST, processes, PACED_PER_SECOND);
                }
            }
        }
    }

    private static void one(Run run, Subject subject, int processes, int perSecond) throws Exception {
        Map<String, String> settings = Run.settings(
                "processes", processes, "load", perSecond == 0 ? "full" : "paced", "durability", DURABILITY);
        run.progress(subject.label + " " + settings);
        List<Report> reports;
        try (TemporaryFolder folder = TemporaryFolder.in(run.disk(), "processes");
                TemporaryFolder memory = TemporaryFolder.in(run.memory(), "processes");
                WorkerGroup workers = WorkerGroup.lightly(run, folder.path())) {
            Settings role = Settings.of(folder.file("counter.db"), DURABILITY)
                    .with(TimedLoop.RATE, (perSecond + processes - 1) / processes)
                    .with(SqliteIncrements.PATIENT, subject == Subject.SQLITE_PATIENT);
            subject.increments.create(role.file());
            for (int number = 1; number <= processes; number++) {
                Settings own = role.with("number", number);
                workers.add(subject.increments.getClass(), WarmUp.in(run, memory.file("rehearsal-" + number), own));
            }
            reports = workers.work();
            subject.increments.verify(role.file(), Report.sum(reports, TimedLoop.ALL));
        }
        double commits = Figures.perSecond(run, Report.sum(reports, TimedLoop.COUNTED));
        run.figure(subject.label, settings, commits, "commits/s");
        run.costs(subject.label, settings, Report.costs(reports), Report.sum(reports, TimedLoop.ALL));
        Figures.noteUnmet(run, commits, perSecond);
        if (perSecond == 0 && processes > 1) {
            run.figure(subject.label, settings, fairness(reports), "slowest/fastest");
        }
        Figures.latencies(run, subject.label, settings, Report.merged(reports, TimedLoop.LATENCIES));
    }

    /** Returns the count of the slowest process divided by that of the fastest: 1 if all are equal. */
    static double fairness(List<Report> reports) {
        LongSummaryStatistics counts = reports.stream()
                .mapToLong(report -> report.count(TimedLoop.COUNTED))
                .summaryStatistics();
        return counts.getMax() == 0 ? 1 : (double) counts.getMin() / counts.getMax();
    }
}
