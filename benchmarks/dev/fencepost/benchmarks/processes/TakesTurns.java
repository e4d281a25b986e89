package dev.fencepost.benchmarks.processes;

import dev.fencepost.Agent;
import dev.fencepost.Claim;
import dev.fencepost.Durability;
import dev.fencepost.Key;
import dev.fencepost.Lease;
import dev.fencepost.Store;
import java.nio.file.Path;
import java.time.Duration;
import org.HdrHistogram.Histogram;

/**
 * Claims one key repeatedly, and increments a counter under each claim. The processes record the holder in shared
 * memory, so that two simultaneous holders would be detected, and the time of each release. Besides the values of
 * {@link TimedLoop}, the report counts {@code handed-over}: grants within the measured time that follow a claim of
 * another process. {@link #HAND_OVERS} are their durations, from the beginning of the release to the grant.
 */
final class TakesTurns implements WorkerTask {
    static final String HANDED_OVER = "handed-over";
    static final String HAND_OVERS = "hand-overs";

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
            return report.count(HANDED_OVER, handedOver).histogram(HAND_OVERS, handOvers);
        }
    }

    private void turn(Store store, Agent agent, SharedLongs board, long me, Window window) {
        Claim claim = agent.claim(COUNTER, LEASE, LONG).orThrow();
        long granted = System.nanoTime();
        Figures.check("who holds the claim that was just granted", 0, board.get(HOLDER));
        board.set(HOLDER, me);
        long before = board.get(LAST_HOLDER);
        if (window.contains(granted) && before != 0 && before != me) {
            handedOver++;
            handOvers.recordValue(granted - board.get(RELEASED_AT));
        }
        claim.put(COUNTER, NumberedText.next(store.get(COUNTER).orElseThrow().value()));
        board.set(LAST_HOLDER, me);
        board.set(HOLDER, 0);
        board.set(RELEASED_AT, System.nanoTime());
        claim.release();
    }
}
