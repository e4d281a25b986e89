package dev.fencepost.benchmarks.processes;

import dev.fencepost.Durability;
import dev.fencepost.benchmarks.run.Experiment;
import dev.fencepost.benchmarks.run.Run;
import dev.fencepost.benchmarks.run.Run.Depth;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;

/** The delay until a waiting process sees a change of another process. */
final class Notice implements Experiment {
    private static final Durability DURABILITY = Durability.POWER_LOSS;
    private static final int CHANGES_PER_SECOND = 100;
    /** The rate at the depth of an instant, high enough for some changes even on a busy machine. */
    private static final int IN_AN_INSTANT = 10 * CHANGES_PER_SECOND;

    /** Changes occur at random times, so there can be more than expected. */
    private static final int MOST_FOR_EACH_EXPECTED = 4;

    private static final int SOME = 100;

    @Override
    public String name() {
        return "notice";
    }

    @Override
    public String question() {
        return "How long after a change of a key does a process see it that waits for it, from before the put, and from its"
                + " acknowledgement?";
    }

    @Override
    public void measure(Run run) throws Exception {
        if (!Figures.oneClock(run)) {
            return;
        }
        for (int repeat = 0; repeat < run.repeats(); repeat++) {
            one(run);
        }
    }

    private void one(Run run) throws Exception {
        Map<String, String> settings = Figures.settings("durability", Figures.named(DURABILITY));
        run.progress(Figures.FENCEPOST + " " + settings);
        try (Folder folder = Folder.in(run.disk());
                Folder memory = Folder.in(run.memory());
                WorkerGroup crew = WorkerGroup.lightly(run, folder.path())) {
            int rate = run.depth() == Depth.INSTANT ? IN_AN_INSTANT : CHANGES_PER_SECOND;
            long expected =
                    (long) (rate * Figures.seconds(WorkerGroup.warmUp(run).plus(run.length())));
            Settings role = Settings.of(folder.file("changes.db"), DURABILITY)
                    .with(TimedLoop.RATE, rate)
                    .with(Changes.TIMES, folder.file("times"))
                    .with(Changes.ROOM, SOME + MOST_FOR_EACH_EXPECTED * expected);
            Changes.create(role.file());
            List<Report> reports = crew.add(MakesChanges.class, WarmUp.in(run, memory.file("makes"), role))
                    .add(AwaitsChanges.class, WarmUp.in(run, memory.file("awaits"), role))
                    .work();
            long written = reports.get(0).count(Changes.NEWEST);
            Figures.check(
                    "the last version that was seen", written, reports.get(1).count(Changes.NEWEST));
            report(run, settings, Changes.Times.map(role), (int) written);
        }
    }

    private static void report(Run run, Map<String, String> settings, Changes.Times times, int last) {
        Histogram sinceBegun = Report.freshHistogram();
        Histogram sinceAcknowledged = Report.freshHistogram();
        int skipped = 0;
        for (int version = 1; version < last; version++) {
            if (times.begun(version) == 0) {
                continue;
            }
            if (times.seen(version) == 0) {
                // A newer version came before the waiting process woke; it is meant to see only the newest.
                skipped++;
                continue;
            }
            sinceBegun.recordValue(times.seen(version) - times.begun(version));
            // A change that is seen before its writer returns counts as seen at once.
            sinceAcknowledged.recordValue(Math.max(0, times.seen(version) - times.acknowledged(version)));
        }
        run.progress(sinceBegun.getTotalCount() + " changes were seen, " + skipped + " had a newer one behind them");
        if (sinceBegun.getTotalCount() == 0) {
            run.absent(Figures.FENCEPOST, "no change was seen before the next one in so short a time");
        }
        Figures.latencies(run, Figures.FENCEPOST, Figures.with(settings, "since", "before the put"), sinceBegun);
        Figures.latencies(run, Figures.FENCEPOST, Figures.with(settings, "since", "acknowledged"), sinceAcknowledged);
    }
}
