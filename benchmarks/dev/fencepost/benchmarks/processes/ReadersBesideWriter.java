package dev.fencepost.benchmarks.processes;

import dev.fencepost.Durability;
import dev.fencepost.benchmarks.run.Run;
import dev.fencepost.benchmarks.run.TemporaryFolder;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The cost of reading processes for a writing one. */
final class ReadersBesideWriter {
    private static final Durability DURABILITY = Durability.POWER_LOSS;
    private static final KeySpace SPACE = new KeySpace("keys/", 1_000, NumberedText.USUAL);
    private static final int PACE = 1_000;
    private static final int READERS = 4;

    /** The subject that shows the loss due to idle processes alone, if there are fewer cores than processes. */
    private static final String ONLY_WAKE = "beside-idle-loops";

    private ReadersBesideWriter() {}

    static void measure(Run run) throws Exception {
        boolean instant = run.depth() == Run.Depth.INSTANT;
        int readers = instant ? 1 : READERS;
        int cores = Runtime.getRuntime().availableProcessors();
        if (readers + 1 > cores) {
            run.progress(
                    (readers + 1) + " processes share " + cores
                            + " cores: where readers have no pace, the figure is as much about the scheduler as about the store");
        }
        for (int repeat = 0; repeat < run.repeats(); repeat++) {
            one(run, readers, PACE, ReadsValues.class);
            if (!instant) {
                one(run, 0, 0, ReadsValues.class);
                one(run, readers, PACE, IdlePacer.class);
            }
            if (run.depth() == Run.Depth.WHOLE) {
                one(run, readers, 0, ReadsValues.class);
                one(run, readers, 0, IdlePacer.class);
            }
        }
    }

    /** Measures a writer beside this many processes, each with this many reads per second; 0 for no limit. */
    private static void one(Run run, int readers, int pace, Class<? extends WorkerTask> beside) throws Exception {
        Map<String, String> settings =
                Run.settings("readers", readers, "pace", pace == 0 ? "none" : pace + "/s", "durability", DURABILITY);
        String subject = beside == IdlePacer.class ? ONLY_WAKE : Figures.FENCEPOST;
        run.progress(subject + " " + settings);
        List<Report> reports;
        try (TemporaryFolder folder = TemporaryFolder.in(run.disk(), "processes");
                TemporaryFolder memory = TemporaryFolder.in(run.memory(), "processes");
                WorkerGroup crew = WorkerGroup.lightly(run, folder.path())) {
            Path file = folder.file("values.db");
            SPACE.fill(file, 1, written -> {});
            Settings role = SPACE.tell(Settings.of(file, DURABILITY)).with(PutsValues.CHOICE, SPACE.keys());
            crew.add(PutsValues.class, WarmUp.in(run, memory.file("writer"), role));
            for (int reader = 0; reader < readers; reader++) {
                crew.add(beside, WarmUp.in(run, memory.file("reader-" + reader), role.with(TimedLoop.RATE, pace)));
            }
            reports = crew.work();
            SPACE.verify(file, SPACE.keys() + reports.get(0).count(TimedLoop.ALL));
        }
        double commits = Figures.perSecond(run, reports.get(0).count(TimedLoop.COUNTED));
        run.figure(subject, settings, commits, "commits/s");
        if (readers > 0 && beside == ReadsValues.class) {
            long reads = Report.sum(reports.subList(1, reports.size()), ReadsValues.READS);
            run.figure(Figures.FENCEPOST, settings, Figures.perSecond(run, reads), "reads/s");
        }
    }

    /** Does nothing at the pace of {@link ReadsValues}, which costs CPU time too. */
    static final class IdlePacer implements WorkerTask {
        @Override
        public Report work(Settings settings, Gate gate) throws Exception {
            return TimedLoop.run(settings, gate, window -> {});
        }
    }
}
