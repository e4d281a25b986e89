package dev.fencepost.laws;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fencepost.Claim;
import dev.fencepost.ClaimInfo;
import dev.fencepost.Key;
import dev.fencepost.Lease;
import dev.fencepost.Store;
import dev.fencepost.testing.WorkerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Claims that a release hands over to a waiter in another process, which dies, stalls or hears nothing of it. */
class HandedOverClaimsTest extends LawTest {
    private static final Key<String> KEY = Key.text("k");
    private static final String HOUR = "3600000";
    private static final Lease LONG = Lease.of(Duration.ofHours(1));
    /** Heartbeats are so slow that silence proves nothing for half an hour. */
    private static final String SLOW = "heartbeat=600000";

    private Store store;
    private Claim claim;

    private WorkerProcess waiterBehindAClaim() {
        store = open(config().withHeartbeat(Duration.ofMinutes(10)));
        claim = store.agent("holder").claim(KEY, LONG).orThrow();
        WorkerProcess waiter = worker(SLOW);
        waiter.tell("claim", "c", "k", HOUR, HOUR);
        awaitWaiters(store, KEY, 1);
        return waiter;
    }

    private List<Long> holders() {
        return store.claims().stream()
                .map(ClaimInfo::holder)
                .map(held -> held.pid())
                .toList();
    }

    @Test
    void stoppedWaiter_isGranted_andGoesOnWhenItWakes() {
        WorkerProcess waiter = waiterBehindAClaim();
        stop(waiter);
        claim.release();
        assertThat(holders()).containsExactly(waiter.pid());
        assertThat(waiter.hasAnswered()).isFalse();
        waiter.wake();
        assertThat(waiter.answer()).isEqualTo("granted 2");
        assertThat(waiter.ask("renew", "c")).isEqualTo("renewed");
    }

    @Test
    void waiterKilledAfterItsGrant_losesItAtOnce() {
        WorkerProcess waiter = waiterBehindAClaim();
        WorkerProcess next = worker(SLOW);
        next.tell("claim", "c", "k", HOUR, HOUR);
        awaitWaiters(store, KEY, 2);
        stop(waiter);
        claim.release();
        assertThat(holders()).containsExactly(waiter.pid());
        waiter.kill();
        assertThat(next.answer()).isEqualTo("granted 4");
        assertThat(holders()).containsExactly(next.pid());
    }

    @Test
    void lostSignal_isFoundByTheWaiter() throws IOException {
        WorkerProcess waiter = waiterBehindAClaim();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file :
                    files.filter(file -> file.toString().contains("-wake-")).toList()) {
                Files.delete(file);
            }
        }
        claim.release();
        assertThat(waiter.answer()).isEqualTo("granted 2");
    }

    @Test
    void killedProcesses_leaveNoSocketsForLong() throws IOException {
        WorkerProcess killed = waiterBehindAClaim();
        killed.kill();
        WorkerProcess next = worker(SLOW);
        next.tell("claim", "c", "k", HOUR, HOUR);
        awaitWaiters(store, KEY, 1);
        claim.release();
        assertThat(next.answer()).isEqualTo("granted 2");
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.filter(file -> file.toString().contains("-wake-"))).hasSizeLessThanOrEqualTo(1);
        }
    }
}
