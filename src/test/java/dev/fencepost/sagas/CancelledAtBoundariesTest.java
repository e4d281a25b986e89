package dev.fencepost.sagas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.fencepost.Durability;
import dev.fencepost.Store;
import dev.fencepost.StoreConfig;
import dev.fencepost.WriteLockTimeoutException;
import dev.fencepost.saga.SagaStateException;
import dev.fencepost.saga.Sagas;
import dev.fencepost.testing.Signals;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Cancellation at every boundary of the journal: a coordinator process is stopped, the saga is cancelled, the process
 * continues.
 */
@Timeout(300)
class CancelledAtBoundariesTest {
    @TempDir
    Path folder;

    @Test
    void acceptedCancel_isCompensated_atEveryBoundary() throws Exception {
        assumeTrue(Signals.areSeenAtOnce(), "needs /proc to see a process stopped");
        int boundary = 1;
        while (cancelledAt(boundary)) {
            boundary++;
        }
        // The last boundary follows 'completed', so the cancel is refused.
        assertThat(boundary).isEqualTo(14);
    }

    /** Tells whether the cancel was accepted. */
    private boolean cancelledAt(int boundary) throws Exception {
        Path file = Files.createDirectory(folder.resolve(Integer.toString(boundary)))
                .resolve("a.db");
        Recorder recorder = new Recorder();
        StoreConfig config = StoreConfig.of(file)
                .withDurability(Durability.PROCESS_DEATH)
                .withWriteLockTimeout(Duration.ofSeconds(1));
        try (Store store = Store.open(config)) {
            store.agent("setup").put(OrderSaga.STOCK, "10").orThrow();
            try (OrderProcess process = OrderProcess.start(file, "home", recorder, boundary, "-STOP")) {
                assertThat(process.awaitStop()).isTrue();
                boolean accepted = cancel(store.agent("customer").sagas(), process);
                process.wake();
                assertThat(process.ending())
                        .as("boundary " + boundary)
                        .isEqualTo(accepted ? "ended compensated" : "ended completed");
                check(store, recorder.effects(), accepted, "boundary " + boundary);
                return accepted;
            }
        }
    }

    private static boolean cancel(Sagas sagas, OrderProcess process) throws Exception {
        while (true) {
            try {
                sagas.cancel("order-1", "changed my mind");
                return true;
            } catch (SagaStateException e) {
                return false;
            } catch (WriteLockTimeoutException e) {
                process.stopElsewhere();
            }
        }
    }

    private static void check(Store store, List<String> effects, boolean undone, String where) {
        assertThat(store.get(OrderSaga.STOCK).orElseThrow().value()).as(where).isEqualTo(undone ? "10" : "9");
        for (String done : List.of("charge", "pack")) {
            assertThat(effects.contains("un" + done)).as(where).isEqualTo(undone && effects.contains(done));
        }
        assertThat(store.check().findings()).isEmpty();
    }
}
