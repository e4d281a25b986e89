package dev.fencepost.laws;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fencepost.Agent;
import dev.fencepost.Codec;
import dev.fencepost.Key;
import dev.fencepost.Snapshot;
import dev.fencepost.Store;
import dev.fencepost.Versioned;
import dev.fencepost.event.EventStream;
import dev.fencepost.event.NewEvent;
import dev.fencepost.history.PruneReport;
import dev.fencepost.history.RetentionPolicy;
import dev.fencepost.saga.SagaDefinition;
import dev.fencepost.saga.StoreStep;
import dev.fencepost.testing.SettableClock;
import dev.fencepost.testing.WorkerProcess;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Retention by age, which deletes nothing young even if the clock of one process is wrong. */
class RetentionNeedsNoClockTest extends LawTest {
    private static final Key<String> KEY = Key.text("k");
    private static final EventStream<String> STREAM = EventStream.text("s");
    private static final Duration HOUR = Duration.ofHours(1);
    private static final PruneReport NOTHING = new PruneReport(0, 0, 0);

    private final SettableClock clock = new SettableClock();

    private static SettableClock ahead(Duration by) {
        SettableClock clock = new SettableClock();
        clock.advance(by);
        return clock;
    }

    /** Writes two versions of a key and two events of a stream. */
    private static void write(Agent agent) {
        for (int i = 1; i <= 2; i++) {
            agent.put(KEY, "v" + i).orThrow();
            agent.append(STREAM, NewEvent.of("e" + i));
        }
    }

    private static PruneReport keepOneHour(Store store) {
        Agent keeper = store.agent("keeper");
        keeper.retention().setRule("", RetentionPolicy.within(HOUR));
        return keeper.retention().apply();
    }

    @Test
    void clockAheadOfAnotherProcess_prunesNothingYoung() {
        write(open(config().withClock(clock)).agent("writer"));
        Store fast = open(config().withClock(ahead(HOUR.multipliedBy(2))));
        assertThat(keepOneHour(fast)).isEqualTo(NOTHING);
        write(fast.agent("fast"));
        assertThat(keepOneHour(fast)).isEqualTo(NOTHING);
    }

    @Test
    void clockAheadOfAClosedProcess_prunesNothingYoung() {
        try (Store writer = Store.open(config().withClock(clock))) {
            write(writer.agent("writer"));
        }
        assertThat(keepOneHour(open(config().withClock(ahead(HOUR.multipliedBy(2))))))
                .isEqualTo(NOTHING);
    }

    @Test
    void clockAheadOfAKilledProcess_prunesNothingYoung() {
        WorkerProcess writer = worker();
        writer.ask("put", KEY.name(), "v1");
        writer.ask("put", KEY.name(), "v2");
        writer.kill();
        SettableClock years = ahead(Duration.ofDays(3_650));
        assertThat(keepOneHour(open(config().withClock(years)))).isEqualTo(NOTHING);
    }

    @Test
    void clockJumpingForward_prunesNothingYoung() {
        Store store = open(config().withClock(clock));
        write(store.agent("writer"));
        clock.advance(HOUR.multipliedBy(2));
        assertThat(keepOneHour(store)).isEqualTo(NOTHING);
        write(store.agent("writer"));
        assertThat(keepOneHour(store)).isEqualTo(NOTHING);
    }

    @Test
    void clockBehind_prunesLess() {
        try (Store early = Store.open(config().withClock(clock).withElapsedTime(clock::nanos))) {
            write(early.agent("writer"));
        }
        SettableClock behind = ahead(HOUR.multipliedBy(-5));
        assertThat(keepOneHour(open(config().withClock(behind).withElapsedTime(behind::nanos))))
                .isEqualTo(NOTHING);
    }

    @Test
    void writerWithAClockBehind_losesNothingYoung() {
        Store slow = open(config().withClock(ahead(HOUR.multipliedBy(-2))));
        write(slow.agent("slow"));
        assertThat(keepOneHour(open(config().withClock(clock)))).isEqualTo(NOTHING);
    }

    @Test
    void elapsedTime_prunes() {
        Store store = open(config().withClock(clock).withElapsedTime(clock::nanos));
        write(store.agent("writer"));
        assertThat(keepOneHour(store)).isEqualTo(NOTHING);
        clock.pass(HOUR.plusMillis(1));
        assertThat(keepOneHour(store)).isEqualTo(new PruneReport(1, 1, 0));
    }

    @Test
    void clockCorrectedForward_prunesEntriesOldByElapsedTime() {
        SettableClock elapsed = new SettableClock();
        Store store = open(config().withClock(clock).withElapsedTime(elapsed::nanos));
        write(store.agent("writer"));
        clock.advance(Duration.ofDays(365));
        write(store.agent("writer"));
        assertThat(keepOneHour(store)).isEqualTo(NOTHING);
        elapsed.pass(HOUR);
        write(store.agent("writer"));
        assertThat(keepOneHour(store)).isEqualTo(new PruneReport(3, 4, 0));
    }

    @Test
    void clockAhead_leavesOpenSnapshotsOfOthers() {
        Store other = open(config().withClock(clock).withHeartbeat(HOUR.dividedBy(4)));
        write(other.agent("writer"));
        try (Snapshot snapshot = other.snapshotAt(1)) {
            Store fast = open(config().withClock(ahead(HOUR.multipliedBy(2))));
            fast.agent("keeper").retention().setRule("", RetentionPolicy.latest(1));
            assertThat(fast.agent("keeper").retention().apply().versions()).isZero();
            assertThat(snapshot.get(KEY)).map(Versioned::value).contains("v1");
        }
    }

    @Test
    void clockAhead_forgetsNoYoungSaga() {
        Store other = open(config().withClock(clock));
        other.agent("a")
                .sagas()
                .run(
                        SagaDefinition.of("d", 1, Codec.text()).step(StoreStep.of("only", (tx, step) -> "done")),
                        "s",
                        "x");
        Store fast = open(config().withClock(ahead(HOUR.multipliedBy(2))));
        assertThat(fast.agent("b").sagas().forget(HOUR)).isZero();
        assertThat(fast.agent("b").sagas().forget(Duration.ZERO)).isEqualTo(1);
    }
}
