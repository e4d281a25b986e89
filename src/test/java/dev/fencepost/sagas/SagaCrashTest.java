package dev.fencepost.sagas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.fencepost.Durability;
import dev.fencepost.Key;
import dev.fencepost.Store;
import dev.fencepost.StoreConfig;
import dev.fencepost.WriteLockTimeoutException;
import dev.fencepost.saga.JournalEntry;
import dev.fencepost.saga.SagaDefinition;
import dev.fencepost.saga.SagaInfo;
import dev.fencepost.saga.SagaState;
import dev.fencepost.saga.Sagas;
import dev.fencepost.testing.Signals;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Crashes of a real coordinator at every boundary of its journal, before and after each entry. The process is killed,
 * or stopped and continued after a takeover. The recovered saga ends with the promised effects.
 */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SagaCrashTest {
    private static final String KILL = "-KILL";
    private static final String STOP = "-STOP";

    @TempDir
    Path folder;

    @Test
    void killAtEveryBoundary_sagaIsCompleted() throws Exception {
        assertThat(atEveryBoundary("home", KILL)).isEqualTo(14);
    }

    @Test
    void killAtEveryBoundary_sagaIsCompensated() throws Exception {
        assertThat(atEveryBoundary(OrderSaga.TO_NOWHERE, KILL)).isEqualTo(26);
    }

    @Test
    void stopAtEveryBoundary_andTakeover_sagaIsCompensated() throws Exception {
        assumeTrue(Signals.areSeenAtOnce(), "needs /proc to see a process stopped");
        assertThat(atEveryBoundary(OrderSaga.TO_NOWHERE, STOP)).isEqualTo(26);
    }

    /** Returns the number of boundaries. */
    private int atEveryBoundary(String input, String signal) throws Exception {
        for (int boundary = 1; ; boundary++) {
            Path place = Files.createDirectory(folder.resolve(signal + input.length() + "-" + boundary));
            if (!passed(place.resolve("a.db"), input, signal, boundary)) {
                return boundary - 1;
            }
        }
    }

    /** Runs one boundary; returns false if there is no such boundary. */
    private static boolean passed(Path file, String input, String signal, int boundary) throws Exception {
        Recorder recorder = new Recorder();
        boolean stops = signal.equals(STOP);
        StoreConfig config = StoreConfig.of(file)
                .withDurability(Durability.PROCESS_DEATH)
                .withWriteLockTimeout(Duration.ofSeconds(1))
                // By this clock, the lease of a stopped process expired long ago.
                .withClock(InstantSource.offset(InstantSource.system(), stops ? Duration.ofHours(1) : Duration.ZERO));
        try (Store store = Store.open(config);
                OrderProcess first = start(store, file, input, recorder, boundary, signal)) {
            boolean stopped = stops && first.awaitStop();
            if (!stopped && !first.ending().equals("killed")) {
                return false;
            }
            if (stopped) {
                stopOutsideOfCommits(store, first);
            }
            Sagas sagas = store.agent("heir").sagas();
            SagaDefinition<String> order = OrderSaga.over(recorder);
            if (sagas.find("order-1").isPresent()) {
                while (!sagas.find("order-1").orElseThrow().state().ended()) {
                    sagas.recover(List.of(order));
                }
            }
            if (stopped) {
                first.wake();
                assertThat(first.ending()).as("boundary " + boundary).matches("ended (fenced|compensated)");
            }
            sagas.run(order, "order-1", input);
            check(store, sagas.find("order-1").orElseThrow(), input, recorder, "boundary " + boundary);
            assertThat(store.check().findings()).isEmpty();
        }
        return true;
    }

    /** Its heartbeats commit too, and a process that is stopped in the middle of a commit blocks all writers. */
    private static void stopOutsideOfCommits(Store store, OrderProcess stopped) throws Exception {
        while (true) {
            try {
                store.agent("probe").revoke(Key.text("unused"));
                return;
            } catch (WriteLockTimeoutException e) {
                stopped.stopElsewhere();
            }
        }
    }

    private static OrderProcess start(
            Store store, Path file, String input, ExternalWorld outside, int boundary, String signal) throws Exception {
        store.agent("setup").put(OrderSaga.STOCK, "10").orThrow();
        return OrderProcess.start(file, input, outside, boundary, signal);
    }

    private static void check(Store store, SagaInfo saga, String input, Recorder recorder, String where) {
        boolean back = input.equals(OrderSaga.TO_NOWHERE);
        assertThat(saga.state()).as(where).isEqualTo(back ? SagaState.COMPENSATED : SagaState.COMPLETED);
        assertThat(store.get(OrderSaga.STOCK).orElseThrow().value()).as(where).isEqualTo(back ? "10" : "9");
        assertThat(store.get(OrderSaga.SENT).isPresent()).as(where).isEqualTo(!back);
        assertThat(recorder.effects())
                .as(where + " " + recorder.calls())
                .containsExactlyElementsOf(
                        back ? List.of("charge", "pack", "unpack", "uncharge") : List.of("charge", "pack"));
        List<Long> epochs = saga.journal().stream()
                .map(JournalEntry::epoch)
                .flatMap(epoch -> epoch.stream())
                .toList();
        assertThat(epochs).as(where).isSorted();
        // A coordinator writes nothing after the takeover.
        assertThat(saga.journal().stream()
                        .filter(entry -> entry.epoch().isPresent())
                        .map(JournalEntry::agent)
                        .distinct()
                        .toList())
                .as(where)
                .isIn(List.of("first"), List.of("first", "heir"), List.of("heir"));
        assertThat(store.claims()).as(where).isEmpty();
    }
}
