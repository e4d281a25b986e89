package dev.fencepost.internal.claim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fencepost.Lease;
import dev.fencepost.StoreBusyException;
import dev.fencepost.internal.claim.ClaimRequest.Answer;
import dev.fencepost.internal.sql.ClaimTables;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** When a process says in the file that it lives. */
class HeartbeatTest extends ClaimFixture {
    private Heartbeat heartbeat;

    @BeforeEach
    void hold() {
        heartbeat = new Heartbeat(queue, BEAT);
        held(Lease.of(Duration.ofHours(3)), PLAN);
    }

    /** Whether a beat that is due now is seen in the file. */
    private boolean beats() {
        clock.advance(Duration.ofSeconds(1));
        heartbeat.beat();
        return reads.read(session -> new ClaimTables(session)
                                .process(queue.process().orElseThrow())
                                .orElseThrow())
                        .heartbeatAt()
                == clock.millis();
    }

    @Test
    void itBeats_asLongAsThereIsOneReason() {
        assertThat(beats()).isFalse();
        heartbeat.needed();
        heartbeat.needed();
        assertThat(beats()).isTrue();
        heartbeat.notNeeded();
        assertThat(beats()).isTrue();
        heartbeat.notNeeded();
        assertThat(beats()).isFalse();
        heartbeat.needed();
        assertThat(beats()).isTrue();
        heartbeat.close();
    }

    @Test
    void onceClosed_itBeatsNoMore_whateverTheReasons() {
        heartbeat.needed();
        heartbeat.close();
        assertThat(beats()).isFalse();
        Set<Thread> before = threads();
        heartbeat.needed();
        assertThat(threads()).isSubsetOf(before);
        assertThat(beats()).isFalse();
    }

    @Test
    void aRequestThatCouldNotLeave_isTakenOutByTheNextBeat_andIsNoReasonAfterThat() {
        Answer.Queued queued = waits(1, PLAN);
        Answer.Queued other = waits(2, PLAN);
        heartbeat.leaveLater(queued.ticket(), new StoreBusyException("busy", null));
        assertThat(beats()).isTrue();
        assertThat(isQueued(queued)).isFalse();
        assertThat(isQueued(other)).isTrue();
        assertThat(beats()).isFalse();
        heartbeat.close();
    }

    @Test
    void aBeatThatFails_isTriedAgain_andForgetsNothing() throws Exception {
        Answer.Queued queued = waits(1, PLAN);
        heartbeat.leaveLater(queued.ticket(), new StoreBusyException("busy", null));
        try (Connection prompt = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("a.db"));
                Statement statement = prompt.createStatement()) {
            statement.execute("BEGIN IMMEDIATE");
            assertThat(beats()).isFalse();
            statement.execute("ROLLBACK");
        }
        assertThat(isQueued(queued)).isTrue();
        assertThat(beats()).isTrue();
        assertThat(isQueued(queued)).isFalse();
        heartbeat.close();
    }

    private boolean isQueued(Answer.Queued request) {
        return reads.read(session -> new ClaimTables(session).isQueued(request.ticket()));
    }

    @Test
    void itsThread_isOne_holdsUpNobodysEnd_andEndsWithTheStore() throws Exception {
        Set<Thread> before = threads();
        heartbeat.needed();
        heartbeat.needed();
        Set<Thread> begun = threads();
        begun.removeAll(before);
        Thread thread = begun.iterator().next();
        assertThat(begun).hasSize(1);
        assertThat(thread.isDaemon()).isTrue();
        heartbeat.close();
        thread.join();
    }

    private static Set<Thread> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("fencepost-heartbeat"))
                .collect(Collectors.toSet());
    }
}
