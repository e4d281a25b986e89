package dev.fencepost.benchmarks.processes;

import dev.fencepost.Agent;
import dev.fencepost.Claim;
import dev.fencepost.Durability;
import dev.fencepost.Lease;
import dev.fencepost.Store;
import dev.fencepost.benchmarks.run.Run;
import dev.fencepost.benchmarks.run.TemporaryFolder;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
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
        Map<String, String> settings = Run.settings("processes", processes, "durability", DURABILITY);
        run.progress(Figures.FENCEPOST + " " + settings);
        List<Report> reports;
        try (TemporaryFolder folder = TemporaryFolder.in(run.disk(), "processes");
                TemporaryFolder memory = TemporaryFolder.in(run.memory(), "processes");
                WorkerGroup crew = WorkerGroup.lightly(run, folder.path())) {
            Settings role =
                    Settings.of(folder.file("claims.db"), DURABILITY).with(TakesTurns.BOARD, folder.file("board"));
            OneKey.Increments counter = new FencepostIncrements();
            counter.create(role.file());
            for (int number = 1; number <= processes; number++) {
                Settings own = role.with("number", number);
                crew.add(TakesTurns.class, WarmUp.in(run, memory.file("rehearsal-" + number), own));
            }
            reports = crew.work();
            counter.verify(role.file(), Report.sum(reports, TimedLoop.ALL));
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

        private static final Lease LEASE = Lease.of(Duration.ofSeconds(30));
        private static final Duration LONG = Duration.ofMinutes(10);

        private final Histogram handOvers = Report.freshHistogram();
        private long handedOver;

        @Override
        public Report work(Settings settings, Gate gate) throws Exception {
            long me = settings.number("number");
            WarmUp.hold(settings, (store, agent) -> {
                try (Claim claim =
                        agent.claim(FencepostIncrements.COUNTER, LEASE, LONG).orThrow()) {
                    claim.put(FencepostIncrements.COUNTER, NumberedText.of(0, NumberedText.USUAL));
                    store.get(FencepostIncrements.COUNTER).orElseThrow();
                }
            });
            SharedLongs board = SharedLongs.map(Path.of(settings.text(BOARD)), BOARD_SIZE);
            try (Store store = settings.open()) {
                Agent agent = store.agent("worker-" + me);
                Report report = TimedLoop.run(settings, gate, window -> turn(store, agent, board, me, window));
                return report.count("handed-over", handedOver).histogram("hand-overs", handOvers);
            }
        }

        private void turn(Store store, Agent agent, SharedLongs board, long me, TimedLoop.Window window) {
            Claim claim = agent.claim(FencepostIncrements.COUNTER, LEASE, LONG).orThrow();
            long granted = System.nanoTime();
            Figures.check("who holds the claim that was just granted", 0, board.get(HOLDER));
            board.set(HOLDER, me);
            long before = board.get(LAST_HOLDER);
            if (window.contains(granted) && before != 0 && before != me) {
                handedOver++;
                handOvers.recordValue(granted - board.get(RELEASED_AT));
            }
            claim.put(
                    FencepostIncrements.COUNTER,
                    NumberedText.next(
                            store.get(FencepostIncrements.COUNTER).orElseThrow().value()));
            board.set(LAST_HOLDER, me);
            board.set(HOLDER, 0);
            board.set(RELEASED_AT, System.nanoTime());
            claim.release();
        }
    }

    /**
     * Numbers that several processes share: a mapped file, initially all zero. Safe for use by many threads and processes.
     */
    private record SharedLongs(MappedByteBuffer bytes) {
        private static final VarHandle LONG =
                MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());

        /** Maps a file of this many numbers, and creates it if it does not exist. */
        static SharedLongs map(Path file, int count) throws IOException {
            try (FileChannel channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                return new SharedLongs(channel.map(FileChannel.MapMode.READ_WRITE, 0, (long) count * Long.BYTES));
            }
        }

        long get(int index) {
            return (long) LONG.getVolatile(bytes, index * Long.BYTES);
        }

        void set(int index, long value) {
            LONG.setVolatile(bytes, index * Long.BYTES, value);
        }
    }
}
