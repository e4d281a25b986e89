package dev.fencepost.benchmarks.processes;

import dev.fencepost.Agent;
import dev.fencepost.Claim;
import dev.fencepost.Durability;
import dev.fencepost.Key;
import dev.fencepost.Lease;
import dev.fencepost.Store;
import dev.fencepost.benchmarks.run.Run;
import dev.fencepost.benchmarks.run.TemporaryFolder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;

/** One claim for which several processes contend all the time. */
final class Claims {
    private static final Durability DURABILITY = Durability.POWER_LOSS;

    private Claims() {}

    static void measure(Run run) throws Exception {
        List<Integer> counts = run.depth() == Run.Depth.INSTANT ? List.of(2) : List.of(2, 8);
        for (int repeat = 0; repeat < run.repeats(); repeat++) {
            for (int processes : counts) {
                one(run, processes);
            }
        }
    }

    private static void one(Run run, int processes) throws Exception {
        Map<String, String> settings =
                Figures.settings("processes", processes, "durability", Figures.named(DURABILITY));
        run.progress(Figures.FENCEPOST + " " + settings);
        List<Report> reports;
        try (TemporaryFolder folder = TemporaryFolder.in(run.disk(), "processes");
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
        double handOvers = Figures.perSecond(run, Report.sum(reports, "handed-over"));
        run.figure(Figures.FENCEPOST, settings, handOvers, "hand-overs/s");
        if (Figures.oneClock(run)) {
            Figures.latencies(run, Figures.FENCEPOST, settings, Report.merged(reports, "hand-overs"));
        }
    }

    /**
     * Claims one key repeatedly, and increments a counter under each claim. The processes record the holder in shared
     * memory, so that two simultaneous holders would be detected, and the time of each release. Besides the values of
     * {@link TimedLoop}, the report counts {@code handed-over}: grants within the measured time that follow a claim of
     * another process. {@code hand-overs} are their durations, from the beginning of the release to the grant.
     */
    static final class TakesTurns implements WorkerTask {

        /** The setting with the file of the shared memory. */
        static final String BOARD = "board";

        private static final int HOLDER = 0;
        private static final int LAST_HOLDER = 1;
        private static final int RELEASED_AT = 2;
        private static final int BOARD_SIZE = 3;

        private static final Key<String> COUNTER = Key.text("counter");
        private static final Lease LEASE = Lease.of(Duration.ofSeconds(30));
        private static final Duration LONG = Duration.ofMinutes(10);

        private final Histogram handOvers = Report.freshHistogram();
        private long handedOver;

        /** Creates a store with the counter at zero. */
        static void create(Path file) {
            try (Store store = Settings.of(file, Durability.POWER_LOSS).open()) {
                store.agent("setup")
                        .put(COUNTER, NumberedText.of(0, NumberedText.USUAL))
                        .orThrow();
            }
        }

        /** Checks that the counter equals the number of claims. */
        static void verify(Path file, long claims) {
            try (Store store = Settings.of(file, Durability.POWER_LOSS).open()) {
                String value = store.get(COUNTER).orElseThrow().value();
                Figures.check("the counter under the claim", claims, NumberedText.number(value));
            }
        }

        @Override
        public Report work(Settings settings, Gate gate) throws Exception {
            long me = settings.number("number");
            SharedLongs board = SharedLongs.map(Path.of(settings.text(BOARD)), BOARD_SIZE);
            try (Store store = settings.open()) {
                Agent agent = store.agent("worker-" + me);
                Report report = TimedLoop.run(settings, gate, window -> turn(store, agent, board, me, window));
                return report.count("handed-over", handedOver).histogram("hand-overs", handOvers);
            }
        }

        private void turn(Store store, Agent agent, SharedLongs board, long me, TimedLoop.Window window) {
            Claim claim = agent.claim(COUNTER, LEASE, LONG).orThrow();
            long granted = System.nanoTime();
            Figures.check("who holds the claim that was just granted", 0, board.get(HOLDER));
            board.set(HOLDER, me);
            long before = board.get(LAST_HOLDER);
            if (window.contains(granted) && before != 0 && before != me) {
                handedOver++;
                handOvers.recordValue(granted - board.get(RELEASED_AT));
            }
            claim.put(
                    COUNTER, NumberedText.next(store.get(COUNTER).orElseThrow().value()));
            board.set(LAST_HOLDER, me);
            board.set(HOLDER, 0);
            board.set(RELEASED_AT, System.nanoTime());
            claim.release();
        }
    }
}
