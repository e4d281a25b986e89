package dev.fencepost.benchmarks.processes;

import dev.fencepost.Durability;
import dev.fencepost.benchmarks.run.Experiment;
import dev.fencepost.benchmarks.run.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** The share of their commits that writing processes retain while another process makes a backup. */
final class BackupBesideWriters implements Experiment {
    private static final int VALUE_BYTES = 3_900;
    private static final int WRITERS = 2;
    /** The counted time before the backup, as a multiple of the usual length. */
    private static final int LENGTHS_BEFORE = 10;

    private static final Duration PATIENCE = Duration.ofMinutes(10);

    @Override
    public String name() {
        return "backup-beside-writers";
    }

    @Override
    public String question() {
        return "How many commits do two processes make in a second while a backup of the store is made, as a share of"
                + " those just before it?";
    }

    @Override
    public void measure(Run run) throws Exception {
        if (!Figures.oneClock(run)) {
            return;
        }
        boolean instant = run.depth() == Run.Depth.INSTANT;
        KeySpace space = new KeySpace("keys/", keys(run.depth()), VALUE_BYTES);
        try (Folder folder = Folder.in(run.disk())) {
            Path file = folder.file("values.db");
            run.progress("filling a store with " + space.keys() + " values");
            space.fill(file, 1, written -> {});
            long versions = space.keys();
            for (int repeat = 0; repeat < run.repeats(); repeat++) {
                for (Durability durability :
                        instant ? List.of(Durability.PROCESS_DEATH) : List.of(Durability.values())) {
                    versions += one(run, folder, space, file, durability);
                }
            }
            space.verify(file, versions);
        }
    }

    /** Returns the number of keys; at the depth of the whole, they make a file of 1 GB. */
    private static int keys(Run.Depth depth) {
        return switch (depth) {
            case INSTANT -> 1_000;
            case BRIEF -> 25_000;
            case WHOLE -> 250_000;
        };
    }

    private static Duration before(Run run) {
        return run.length().multipliedBy(LENGTHS_BEFORE);
    }

    private static long one(Run run, Folder folder, KeySpace space, Path file, Durability durability)
            throws IOException, InterruptedException {
        Path backup = folder.file("backup.db");
        Map<String, String> settings =
                Figures.settings("keys", space.keys(), "writers", WRITERS, "durability", Figures.named(durability));
        run.progress(Figures.FENCEPOST + " " + settings);
        Settings role = space.tell(Settings.of(file, durability))
                .with(Settings.CACHE, 0)
                .with(PutsUntilBackup.BACKUP, backup)
                .with(MakesBackup.BEFORE, before(run));
        List<Report> reports;
        try (WorkerGroup crew = WorkerGroup.lightly(run, folder.path())) {
            crew.add(MakesBackup.class, role);
            for (int i = 0; i < WRITERS; i++) {
                crew.add(PutsUntilBackup.class, role);
            }
            reports = crew.work(PATIENCE);
        }
        Files.delete(backup);
        report(run, settings, reports.get(0), reports.subList(1, reports.size()));
        return Report.sum(reports.subList(1, reports.size()), PutsUntilBackup.ALL);
    }

    private static void report(Run run, Map<String, String> settings, Report backup, List<Report> writers) {
        long begun = backup.count(MakesBackup.BEGUN);
        long copied = backup.count(MakesBackup.COPIED);
        long ended = backup.count(MakesBackup.ENDED);
        double before = rate(writers, begun - before(run).toNanos(), begun);
        double during = rate(writers, begun, ended);
        run.figure(Figures.FENCEPOST, settings, backup.count(MakesBackup.BYTES) / 1e6, "MB of backup");
        run.figure(Figures.FENCEPOST, settings, (copied - begun) / 1e9, "s to copy");
        run.figure(Figures.FENCEPOST, settings, (ended - begun) / 1e9, "s to back up");
        run.figure(Figures.FENCEPOST, Figures.with(settings, "when", "before"), before, "commits/s");
        run.figure(Figures.FENCEPOST, Figures.with(settings, "when", "during"), during, "commits/s");
        if (before > 0) {
            run.figure(Figures.FENCEPOST, settings, during / before, "during/before");
        }
    }

    /** Returns the commits per second in the slots within a span of time. */
    private static double rate(List<Report> writers, long from, long to) {
        long count = 0;
        long slots = 0;
        for (long at = from; at < to; at += PutsUntilBackup.SLOT_NANOS) {
            String slot = PutsUntilBackup.slot(at);
            count += writers.stream()
                    .mapToLong(writer -> writer.countOr(slot, 0))
                    .sum();
            slots++;
        }
        return slots == 0 ? 0 : count * 1e9 / (slots * (double) PutsUntilBackup.SLOT_NANOS);
    }
}
