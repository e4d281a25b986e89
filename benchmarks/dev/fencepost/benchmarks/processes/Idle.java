package dev.fencepost.benchmarks.processes;

import dev.fencepost.Durability;
import dev.fencepost.benchmarks.run.Experiment;
import dev.fencepost.benchmarks.run.Run;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** The cost of waiting without any change. */
final class Idle implements Experiment {
    /** The system counts CPU time in hundredths of a second, so this duration resolves tenths of a percent. */
    private static final Duration LEAST = Duration.ofSeconds(10);

    @Override
    public String name() {
        return "idle";
    }

    @Override
    public String question() {
        return "How much processor time does a process use that waits for a change which does not come?";
    }

    @Override
    public void measure(Run run) throws Exception {
        int repeats = run.depth() == Run.Depth.WHOLE ? run.repeats() : 1;
        for (int repeat = 0; repeat < repeats; repeat++) {
            one(run, true);
            if (run.depth() == Run.Depth.WHOLE) {
                one(run, false);
            }
        }
    }

    private void one(Run run, boolean forChange) throws Exception {
        Map<String, String> settings = Figures.settings("process", forChange ? "waits" : "sleeps");
        run.progress(Figures.FENCEPOST + " " + settings);
        boolean brief = run.depth() == Run.Depth.INSTANT || run.length().compareTo(LEAST) > 0;
        Duration wait = brief ? run.length() : LEAST;
        List<Report> reports;
        try (Folder folder = Folder.in(run.disk());
                WorkerGroup crew = new WorkerGroup(run, folder.path())) {
            Settings role = Settings.of(folder.file("idle.db"), Durability.POWER_LOSS)
                    .with(IdleWaiter.FOR_CHANGE, forChange ? 1 : 0)
                    .with(IdleWaiter.WAIT, wait);
            Changes.create(role.file());
            reports = crew.add(IdleWaiter.class, role).work();
        }
        double share = 100.0 * reports.get(0).count(IdleWaiter.CPU) / wait.toNanos();
        run.figure(Figures.FENCEPOST, settings, share, "% of a core");
    }
}
