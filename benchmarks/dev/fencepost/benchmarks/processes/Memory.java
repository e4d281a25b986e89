package dev.fencepost.benchmarks.processes;

import dev.fencepost.Durability;
import dev.fencepost.benchmarks.run.Experiment;
import dev.fencepost.benchmarks.run.Run;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** A large store in a process with little memory. */
final class Memory implements Experiment {
    private static final Duration PATIENCE = Duration.ofMinutes(30);

    @Override
    public String name() {
        return "memory";
    }

    @Override
    public String question() {
        return "Does a process with a heap of " + WorkerGroup.HEAP_MEGABYTES
                + " MB read all of a large store, and how much of the heap is in use in the end?";
    }

    @Override
    public void measure(Run run) throws Exception {
        int keys = switch (run.depth()) {
            case INSTANT -> 2_000;
            case BRIEF -> 50_000;
            case WHOLE -> 1_000_000;
        };
        KeySpace space = new KeySpace("keys/", keys, NumberedText.USUAL);
        try (Folder folder = Folder.in(run.disk())) {
            Path file = folder.file("values.db");
            run.progress("filling a store with " + keys + " keys");
            space.fill(file, 1, written -> {});
            long versions = keys;
            for (int repeat = 0; repeat < run.repeats(); repeat++) {
                versions += one(run, folder, space, file);
            }
            space.verify(file, versions);
        }
    }

    /** Returns the number of written versions. */
    private static long one(Run run, Folder folder, KeySpace space, Path file) throws Exception {
        Map<String, String> settings =
                Figures.settings("keys", space.keys(), "heap", WorkerGroup.HEAP_MEGABYTES + " MB");
        run.progress(Figures.FENCEPOST + " " + settings);
        Report report;
        try (WorkerGroup crew = new WorkerGroup(run, folder.path())) {
            Settings role = space.tell(Settings.of(file, Durability.POWER_LOSS));
            report = crew.add(ReadsAll.class, role).work(PATIENCE).get(0);
        }
        run.figure(Figures.FENCEPOST, settings, 1, "done");
        run.figure(Figures.FENCEPOST, settings, report.count(ReadsAll.HEAP) / 1e6, "MB in use");
        double reads = report.count(ReadsAll.READ) / (report.count(ReadsAll.NANOS) / 1e9);
        run.figure(Figures.FENCEPOST, settings, reads, "reads/s");
        return report.count(ReadsAll.WRITTEN);
    }
}
