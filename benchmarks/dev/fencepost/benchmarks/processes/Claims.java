package dev.fencepost.benchmarks.processes;

import dev.fencepost.Agent;
import dev.fencepost.Claim;
import dev.fencepost.Durability;
import dev.fencepost.Lease;
import dev.fencepost.Store;
import dev.fencepost.WriteBatch;
import dev.fencepost.benchmarks.run.Run;
import dev.fencepost.benchmarks.run.TemporaryFolder;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;

/** One claim for which several processes contend all the time. */
final class Claims {
    private static final Durability DURABILITY = Durability.POWER_LOSS;

    /** The subject whose processes cannot send messages to each other, so that a waiter polls. */
    static final String WITHOUT_MESSAGES = "fencepost-without-messages";

    /** The length of a store's path from which a socket may not fit beside it. */
    private static final int LONG = 75;

    /** The length of a folder's name with which the path of a socket is too long. */
    private static final int TOO_LONG = 100;

    private Claims() {}

    static void measure(Run run) throws Exception {
        boolean instant = run.depth() == Run.Depth.INSTANT;
        List<Integer> counts = instant ? List.of(2) : List.of(2, 8);
        List<String> subjects = instant ? List.of(Figures.FENCEPOST) : List.of(Figures.FENCEPOST, WITHOUT_MESSAGES);
        for (int repeat = 0; repeat < run.repeats(); repeat++) {
            for (int processes : counts) {
                for (String subject : subjects) {
                    one(run, subject, processes);
                }
            }
        }
    }

    private static void one(Run run, String subject, int processes) throws Exception {
        Map<String, String> settings = Run.settings("processes", processes, "durability", DURABILITY);
        run.progress(subject + " " + settings);
        List<Report> reports;
        try (TemporaryFolder folder = TemporaryFolder.in(run.disk(), "p");
                TemporaryFolder memory = TemporaryFolder.in(run.memory(), "processes");
                WorkerGroup crew = WorkerGroup.lightly(run, folder.path())) {
            Path place = subject.equals(WITHOUT_MESSAGES)
                    ? Files.createDirectory(folder.file("x".repeat(TOO_LONG)))
                    : folder.path();
            Settings role =
                    Settings.of(place.resolve("claims.db"), DURABILITY).with(TakesTurns.BOARD, folder.file("board"));
            if (subject.equals(Figures.FENCEPOST) && role.file().toString().length() > LONG) {
                run.progress("the folder's path is long, so that the processes may not exchange messages");
            }
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
        run.figure(subject, settings, handOvers, "hand-overs/s");
        if (Figures.oneClock(run)) {
            Figures.latencies(run, subject, settings, Report.merged(reports, "hand-overs"));
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
                    store.get(FencepostIncrements.COUNTER).orElseThrow();
                    claim.commitAndRelease(
                            WriteBatch.of().put(FencepostIncrements.COUNTER, NumberedText.of(0, NumberedText.USUAL)));
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
            String next = NumberedText.next(
                    store.get(FencepostIncrements.COUNTER).orElseThrow().value());
            board.set(LAST_HOLDER, me);
            board.set(HOLDER, 0);
            board.set(RELEASED_AT, System.nanoTime());
            claim.commitAndRelease(WriteBatch.of().put(FencepostIncrements.COUNTER, next));
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
