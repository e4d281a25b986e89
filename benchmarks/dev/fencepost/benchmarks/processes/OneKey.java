package dev.fencepost.benchmarks.processes;

import dev.fencepost.Durability;
import dev.fencepost.benchmarks.run.Experiment;
import dev.fencepost.benchmarks.run.Run;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/** Several processes that increment one counter. */
final class OneKey implements Experiment {
    /** The offered load of all processes together, well below the capacity of one process. */
    private static final int PACED_PER_SECOND = 100;

    private static final Durability DURABILITY = Durability.POWER_LOSS;

    /** The subjects of the comparison. */
    private enum Subject {
        FENCEPOST(Figures.FENCEPOST),
        SQLITE_BUSY_TIMEOUT("sqlite-busy-timeout"),
        SQLITE_PATIENT("sqlite-patient");

        private final String label;

        Subject(String label) {
            this.label = label;
        }
    }

    @Override
    public String name() {
        return "processes-one-key";
    }

    @Override
    public String question() {
        return "How many durable increments of one counter do several processes make in a second, how long does each take,"
                + " and does every process get its share?";
    }

    @Override
    public void measure(Run run) throws Exception {
        boolean instant = run.depth() == Run.Depth.INSTANT;
        List<Integer> counts = switch (run.depth()) {
            case INSTANT -> List.of(2);
            case BRIEF -> List.of(8);
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

    private void one(Run run, Subject subject, int processes, int perSecond) throws Exception {
        Map<String, String> settings = Figures.settings(
                "processes",
                processes,
                "load",
                perSecond == 0 ? "full" : "paced",
                "durability",
                Figures.named(DURABILITY));
        run.progress(subject.label + " " + settings);
        List<Report> reports;
        try (Folder folder = Folder.in(run.disk());
                Folder memory = Folder.in(run.memory());
                WorkerGroup crew = WorkerGroup.lightly(run, folder.path())) {
            Settings role = Settings.of(folder.file("counter.db"), DURABILITY)
                    .with(TimedLoop.RATE, (perSecond + processes - 1) / processes);
            create(subject, role);
            for (int number = 1; number <= processes; number++) {
                Settings own = role.with("number", number);
                add(crew, subject, WarmUp.in(run, memory.file("rehearsal-" + number), own));
            }
            reports = crew.work();
            verify(subject, role, Report.sum(reports, TimedLoop.ALL));
        }
        double commits = Figures.perSecond(run, Report.sum(reports, TimedLoop.COUNTED));
        run.figure(subject.label, settings, commits, "commits/s");
        Figures.noteUnmet(run, commits, perSecond);
        if (perSecond == 0 && processes > 1) {
            run.figure(subject.label, settings, fairness(reports), "slowest/fastest");
        }
        Figures.latencies(run, subject.label, settings, Report.merged(reports, TimedLoop.LATENCIES));
    }

    private static void create(Subject subject, Settings role) throws Exception {
        switch (subject) {
            case FENCEPOST -> FencepostIncrements.create(role.file());
            case SQLITE_BUSY_TIMEOUT, SQLITE_PATIENT -> SqliteIncrements.create(role.file());
        }
    }

    private static void add(WorkerGroup crew, Subject subject, Settings role) throws Exception {
        switch (subject) {
            case FENCEPOST -> crew.add(FencepostIncrements.class, role);
            case SQLITE_BUSY_TIMEOUT ->
                crew.add(SqliteIncrements.class, role.with(SqliteIncrements.WAITING, SqliteIncrements.BUSY_TIMEOUT));
            case SQLITE_PATIENT ->
                crew.add(SqliteIncrements.class, role.with(SqliteIncrements.WAITING, SqliteIncrements.PATIENT));
        }
    }

    private static void verify(Subject subject, Settings role, long acknowledged) throws Exception {
        switch (subject) {
            case FENCEPOST -> FencepostIncrements.verify(role.file(), acknowledged);
            case SQLITE_BUSY_TIMEOUT, SQLITE_PATIENT -> SqliteIncrements.verify(role.file(), acknowledged);
        }
    }

    /** Returns the count of the slowest process divided by that of the fastest: 1 if all are equal. */
    static double fairness(List<Report> reports) {
        LongStream counts = reports.stream().mapToLong(report -> report.count(TimedLoop.COUNTED));
        var summary = counts.summaryStatistics();
        return summary.getMax() == 0 ? 1 : (double) summary.getMin() / summary.getMax();
    }
}
