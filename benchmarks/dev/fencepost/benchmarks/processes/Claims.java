package dev.fencepost.benchmarks.processes;

import dev.fencepost.Durability;
import dev.fencepost.benchmarks.run.Experiment;
import dev.fencepost.benchmarks.run.Run;
import java.util.List;
import java.util.Map;

/** One claim for which several processes contend all the time. */
final class Claims implements Experiment {
    private static final Durability DURABILITY = Durability.POWER_LOSS;

    @Override
    public String name() {
        return "processes-claims";
    }

    @Override
    public String question() {
        return "How often in a second does one claim go from process to process, with one write under each, and how long is"
                + " it from the release to the next grant?";
    }

    @Override
    public void measure(Run run) throws Exception {
        List<Integer> counts = run.depth() == Run.Depth.INSTANT ? List.of(2) : List.of(2, 8);
        for (int repeat = 0; repeat < run.repeats(); repeat++) {
            for (int processes : counts) {
                one(run, processes);
            }
        }
    }

    private void one(Run run, int processes) throws Exception {
        Map<String, String> settings =
                Figures.settings("processes", processes, "durability", Figures.named(DURABILITY));
        run.progress(Figures.FENCEPOST + " " + settings);
        List<Report> reports;
        try (Folder folder = Folder.in(run.disk());
                WorkerGroup crew = WorkerGroup.lightly(run, folder.path())) {
            Settings role =
                    Settings.of(folder.file("claims.db"), DURABILITY).with(TakesTurns.BOARD, folder.file("board"));
            TakesTurns.create(role.file());
            for (int number = 1; number <= processes; number++) {
                crew.add(TakesTurns.class, role.with("number", number));
            }
            reports = crew.work();
            TakesTurns.verify(role.file(), Report.sum(reports, TimedLoop.ALL));
        }
        double handOvers = Figures.perSecond(run, Report.sum(reports, TakesTurns.HANDED_OVER));
        run.figure(Figures.FENCEPOST, settings, handOvers, "hand-overs/s");
        if (Figures.oneClock(run)) {
            Figures.latencies(run, Figures.FENCEPOST, settings, Report.merged(reports, TakesTurns.HAND_OVERS));
        }
    }
}
