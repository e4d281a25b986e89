package dev.fencepost.benchmarks.processes;

import dev.fencepost.Agent;
import dev.fencepost.Change;
import dev.fencepost.Durability;
import dev.fencepost.Key;
import dev.fencepost.Store;
import dev.fencepost.Versioned;
import dev.fencepost.benchmarks.run.Run;
import dev.fencepost.benchmarks.run.Run.Depth;
import dev.fencepost.benchmarks.run.TemporaryFolder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.HdrHistogram.Histogram;

/** The delay until a waiting process sees a change of another process. */
final class Notice {
    static final Key<String> KEY = Key.text("changing");

    /** The value after which there are no more changes. */
    private static final String LAST = "last";

    /** The number of the newest version that was written or seen. */
    private static final String NEWEST = "newest";

    /** The beginnings of the names of the times of each version, by {@link System#nanoTime}. */
    private static final String BEGUN = "begun-";

    private static final String ACKNOWLEDGED = "acknowledged-";
    private static final String SEEN = "seen-";

    private static final Duration LONG = Duration.ofMinutes(1);
    private static final Durability DURABILITY = Durability.POWER_LOSS;
    private static final int CHANGES_PER_SECOND = 100;
    /** The rate at the depth of an instant, high enough for some changes even on a busy machine. */
    private static final int IN_AN_INSTANT = 10 * CHANGES_PER_SECOND;

    private Notice() {}

    static void measure(Run run) throws Exception {
        if (!Figures.oneClock(run)) {
            return;
        }
        for (int repeat = 0; repeat < run.repeats(); repeat++) {
            one(run);
        }
    }

    private static void one(Run run) throws Exception {
        Map<String, String> settings = Run.settings("durability", DURABILITY);
        run.progress(Figures.FENCEPOST + " " + settings);
        try (TemporaryFolder folder = TemporaryFolder.in(run.disk(), "processes");
                TemporaryFolder memory = TemporaryFolder.in(run.memory(), "processes");
                WorkerGroup crew = WorkerGroup.lightly(run, folder.path())) {
            int rate = run.depth() == Depth.INSTANT ? IN_AN_INSTANT : CHANGES_PER_SECOND;
            Settings role = Settings.of(folder.file("changes.db"), DURABILITY).with(TimedLoop.RATE, rate);
            create(role.file());
            List<Report> reports = crew.add(MakesChanges.class, WarmUp.in(run, memory.file("makes"), role))
                    .add(AwaitsChanges.class, WarmUp.in(run, memory.file("awaits"), role))
                    .work();
            report(run, settings, reports.get(0), reports.get(1));
        }
    }

    private static void report(Run run, Map<String, String> settings, Report made, Report awaited) {
        long last = made.count(NEWEST);
        Figures.check("the last version that was seen", last, awaited.count(NEWEST));
        Histogram sinceBegun = Report.freshHistogram();
        Histogram sinceAcknowledged = Report.freshHistogram();
        int skipped = 0;
        for (long version = 1; version < last; version++) {
            long begun = made.countOr(BEGUN + version, 0);
            long seen = awaited.countOr(SEEN + version, 0);
            if (begun != 0 && seen != 0) {
                sinceBegun.recordValue(seen - begun);
                // A change that is seen before its writer returns counts as seen at once.
                sinceAcknowledged.recordValue(Math.max(0, seen - made.count(ACKNOWLEDGED + version)));
            } else if (begun != 0) {
                // A newer version came before the waiting process woke; it is meant to see only the newest.
                skipped++;
            }
        }
        run.progress(sinceBegun.getTotalCount() + " changes were seen, " + skipped + " had a newer one behind them");
        if (sinceBegun.getTotalCount() == 0) {
            run.absent(Figures.FENCEPOST, "no change was seen before the next one in so short a time");
        }
        Figures.latencies(run, Figures.FENCEPOST, Run.with(settings, "since", "before the put"), sinceBegun);
        Figures.latencies(run, Figures.FENCEPOST, Run.with(settings, "since", "acknowledged"), sinceAcknowledged);
    }

    /** Creates a store with the key at version 1. */
    static void create(Path file) {
        try (Store store = Settings.of(file, Durability.POWER_LOSS).open()) {
            store.agent("setup").put(KEY, "first").orThrow();
        }
    }

    /** Changes a key at intervals, and records the times. */
    static final class MakesChanges implements WorkerTask {
        private int version = 1;

        @Override
        public Report work(Settings settings, Gate gate) throws Exception {
            WarmUp.hold(settings, (store, agent) -> agent.put(KEY, "0").orThrow());
            Report times = new Report();
            try (Store store = settings.open()) {
                Agent agent = store.agent("writer");
                TimedLoop.run(settings, gate, window -> change(agent, times, window));
                long last = agent.put(KEY, LAST).orThrow().version();
                return times.count(NEWEST, last);
            }
        }

        private void change(Agent agent, Report times, TimedLoop.Window window) {
            version++;
            long begun = System.nanoTime();
            long written = agent.put(KEY, Integer.toString(version)).orThrow().version();
            long acknowledged = System.nanoTime();
            Figures.check("the version that was written", version, written);
            if (window.hasBegun(begun)) {
                times.count(BEGUN + version, begun);
                times.count(ACKNOWLEDGED + version, acknowledged);
            }
        }
    }

    /** Waits for each change of a key until the last one, and records when it was seen. */
    static final class AwaitsChanges implements WorkerTask {
        @Override
        public Report work(Settings settings, Gate gate) throws Exception {
            WarmUp.hold(settings, (store, agent) -> {
                long seen = store.get(KEY).map(Versioned::version).orElse(0L);
                CompletionStage<?> put = agent.async().put(KEY, "0");
                store.awaitChange(KEY, seen, LONG).orElseThrow();
                put.toCompletableFuture().join();
            });
            Report times = new Report();
            try (Store store = settings.open()) {
                long newest = store.get(KEY).orElseThrow().version();
                gate.pass();
                while (true) {
                    Versioned<String> change = store.awaitChange(KEY, newest, LONG)
                            .flatMap(Change::versioned)
                            .orElseThrow(() -> new IllegalStateException("no change was seen for " + LONG));
                    long seen = System.nanoTime();
                    if (change.version() <= newest) {
                        throw new IllegalStateException("version " + change.version() + " came after " + newest);
                    }
                    newest = change.version();
                    if (change.value().equals(LAST)) {
                        return times.count(NEWEST, newest);
                    }
                    Figures.check("the value of the version that was seen", newest, Long.parseLong(change.value()));
                    times.count(SEEN + newest, seen);
                }
            }
        }
    }
}
