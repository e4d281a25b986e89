package dev.fencepost.benchmarks.processes;

import dev.fencepost.Agent;
import dev.fencepost.BackupOptions;
import dev.fencepost.BackupReport;
import dev.fencepost.Durability;
import dev.fencepost.Store;
import dev.fencepost.benchmarks.run.Run;
import dev.fencepost.benchmarks.run.TemporaryFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;

/** The share of their commits that writing processes retain while another process makes a backup. */
final class BackupBesideWriters {
    private static final int VALUE_BYTES = 3_900;
    private static final int WRITERS = 2;
    /** The counted time before the backup, as a multiple of the usual length. */
    private static final int LENGTHS_BEFORE = 10;

    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private BackupBesideWriters() {}

    static void measure(Run run) throws Exception {
        if (!Figures.oneClock(run)) {
            return;
        }
        boolean instant = run.depth() == Run.Depth.INSTANT;
        KeySpace space = new KeySpace("keys/", keys(run.depth()), VALUE_BYTES);
        try (TemporaryFolder folder = TemporaryFolder.in(run.disk(), "processes")) {
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

    private static long one(Run run, TemporaryFolder folder, KeySpace space, Path file, Durability durability)
            throws IOException, InterruptedException {
        Path backup = folder.file("backup.db");
        Map<String, String> settings = Run.settings("keys", space.keys(), "writers", WRITERS, "durability", durability);
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
        return Report.sum(reports.subList(1, reports.size()), "all");
    }

    private static void report(Run run, Map<String, String> settings, Report backup, List<Report> writers) {
        long begun = backup.count("begun");
        long copied = backup.count("copied");
        long ended = backup.count("ended");
        double before = rate(writers, begun - before(run).toNanos(), begun);
        double during = rate(writers, begun, ended);
        run.figure(Figures.FENCEPOST, settings, backup.count("bytes") / 1e6, "MB of backup");
        run.figure(Figures.FENCEPOST, settings, (copied - begun) / 1e9, "s to copy");
        run.figure(Figures.FENCEPOST, settings, (ended - begun) / 1e9, "s to back up");
        run.figure(Figures.FENCEPOST, Run.with(settings, "when", "before"), before, "commits/s");
        run.figure(Figures.FENCEPOST, Run.with(settings, "when", "during"), during, "commits/s");
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

    /**
     * Waits while other processes write, and then makes a backup. The report has its beginning, the time when all pages
     * were copied, and its end, by {@link System#nanoTime}.
     */
    static final class MakesBackup implements WorkerTask {
        /** The setting with the duration between the warm-up of the writers and the backup. */
        static final String BEFORE = "before";

        @Override
        public Report work(Settings settings, Gate gate) throws Exception {
            Path backup = Path.of(settings.text(PutsUntilBackup.BACKUP));
            try (Store store = settings.open()) {
                gate.pass();
                long begin = System.nanoTime()
                        + settings.duration("warm-up").toNanos()
                        + settings.duration(BEFORE).toNanos();
                while (System.nanoTime() - begin < 0) {
                    LockSupport.parkNanos(begin - System.nanoTime());
                }
                long[] copied = {System.nanoTime()};
                long begun = copied[0];
                BackupReport made = store.backup(
                        backup, BackupOptions.defaults().withProgress((pages, total) -> copied[0] = System.nanoTime()));
                return new Report()
                        .count("begun", begun)
                        .count("copied", copied[0])
                        .count("ended", System.nanoTime())
                        .count("bytes", made.bytes());
            }
        }
    }

    /**
     * Writes values of random keys until a backup of the store is complete. The report counts the commits in each time
     * slot, by the clock that all processes of one machine share.
     */
    static final class PutsUntilBackup implements WorkerTask {
        /** The setting with the file of the backup. */
        static final String BACKUP = "backup";

        /** The length of a slot in nanoseconds. */
        static final long SLOT_NANOS = 10_000_000;

        private static final int LOOK_EVERY = 64;

        /** Returns the name under which the commits of a slot are counted. */
        static String slot(long nanos) {
            return "slot-" + nanos / SLOT_NANOS;
        }

        @Override
        public Report work(Settings settings, Gate gate) throws Exception {
            KeySpace space = KeySpace.of(settings);
            Path backup = Path.of(settings.text(BACKUP));
            try (Store store = settings.open()) {
                Agent agent = store.agent("writer");
                Report report = new Report();
                gate.pass();
                long all = 0;
                long inSlot = 0;
                String slot = slot(System.nanoTime());
                while (all % LOOK_EVERY != 0 || !Files.exists(backup)) {
                    int number = ThreadLocalRandom.current().nextInt(space.keys());
                    agent.put(space.key(number), space.value(number)).orThrow();
                    String now = slot(System.nanoTime());
                    if (!now.equals(slot)) {
                        report.count(slot, inSlot);
                        slot = now;
                        inSlot = 0;
                    }
                    all++;
                    inSlot++;
                }
                return report.count("all", all);
            }
        }
    }
}
