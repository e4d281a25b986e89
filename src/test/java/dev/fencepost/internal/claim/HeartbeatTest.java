package dev.fencepost.internal.claim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fencepost.Lease;
import dev.fencepost.WriteLockTimeoutException;
import dev.fencepost.internal.claim.ClaimAttempt.Outcome;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The heartbeat of a process in the file. */
class HeartbeatTest extends ClaimFixture {
    private Heartbeat heartbeat;

    @BeforeEach
    void hold() {
        heartbeat = new Heartbeat(queue, BEAT);
        held(Lease.of(Duration.ofHours(3)), PLAN);
    }

    private static Heartbeat.Owed leaving(Outcome.Queued request) {
        return new Heartbeat.Owed("Leaving", scope -> scope.claims().deleteWaiter(request.ticket()), () -> {});
    }

    @Test
    void heartbeat_runsWhileThereIsAReason() {
        assertThat(beats(heartbeat)).isFalse();
        heartbeat.needed();
        heartbeat.needed();
        assertThat(beats(heartbeat)).isTrue();
        heartbeat.notNeeded();
        assertThat(beats(heartbeat)).isTrue();
        heartbeat.notNeeded();
        assertThat(beats(heartbeat)).isFalse();
        heartbeat.needed();
        assertThat(beats(heartbeat)).isTrue();
        heartbeat.close();
    }

    @Test
    void closedHeartbeat_stops_despiteReasons() {
        heartbeat.needed();
        heartbeat.close();
        assertThat(beats(heartbeat)).isFalse();
        Set<Thread> before = heartbeatThreads();
        heartbeat.needed();
        assertThat(heartbeatThreads()).isSubsetOf(before);
        assertThat(beats(heartbeat)).isFalse();
    }

    @Test
    void pendingRemoval_isDoneByTheNextHeartbeat_andIsNoReasonLater() {
        Outcome.Queued queued = waits(1, PLAN);
        Outcome.Queued other = waits(2, PLAN);
        heartbeat.owe(leaving(queued), new WriteLockTimeoutException("busy", null));
        assertThat(beats(heartbeat)).isTrue();
        assertThat(isQueued(queued)).isFalse();
        assertThat(isQueued(other)).isTrue();
        assertThat(beats(heartbeat)).isFalse();
        // A completed release is forgotten, and removes no other reason.
        heartbeat.needed();
        assertThat(beats(heartbeat)).isTrue();
        assertThat(beats(heartbeat)).isTrue();
        heartbeat.close();
    }

    @Test
    void failedHeartbeat_isRetried_andForgetsNothing() throws Exception {
        Outcome.Queued queued = waits(1, PLAN);
        heartbeat.owe(leaving(queued), new WriteLockTimeoutException("busy", null));
        whileLocked(() -> assertThat(beats(heartbeat)).isFalse());
        assertThat(isQueued(queued)).isTrue();
        assertThat(beats(heartbeat)).isTrue();
        assertThat(isQueued(queued)).isFalse();
        heartbeat.close();
    }

    @Test
    void thread_isOneDaemon_andEndsOnClose() throws Exception {
        Set<Thread> before = heartbeatThreads();
        heartbeat.needed();
        heartbeat.needed();
        Set<Thread> begun = heartbeatThreads();
        begun.removeAll(before);
        Thread thread = begun.iterator().next();
        assertThat(begun).hasSize(1);
        assertThat(thread.isDaemon()).isTrue();
        heartbeat.close();
        thread.join();
    }
}
