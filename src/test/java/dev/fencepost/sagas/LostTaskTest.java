package dev.fencepost.sagas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fencepost.FencedException;
import dev.fencepost.Key;
import dev.fencepost.Lease;
import dev.fencepost.Store;
import dev.fencepost.StoreConfig;
import dev.fencepost.saga.JournalEntry;
import dev.fencepost.saga.SagaOutcome;
import dev.fencepost.saga.SagaState;
import dev.fencepost.saga.StepFailedException;
import dev.fencepost.saga.StepTask;
import dev.fencepost.saga.WorkerStep;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/**
 * Lost workers and withdrawn tasks. A lost worker leaves its task in doubt; an unclaimed task is withdrawn with
 * certainty.
 */
class LostTaskTest extends SagaFixture {
    private static final Duration LONG = Duration.ofSeconds(10);
    private static final Lease LEASE = Lease.of(Duration.ofMinutes(5));

    private static WorkerStep<String> pack() {
        return WorkerStep.<String>of("pack", "warehouse", context -> "pack " + context.input())
                .retry(TWICE);
    }

    private StepTask taken() {
        return agent.sagas().claimTask("warehouse", LEASE, LONG).orElseThrow();
    }

    private SagaOutcome ended() {
        return agent.sagas().await("order-1", LONG).orElseThrow();
    }

    private void lose() {
        store.agent("operator").revoke(Key.text("fencepost:task:order-1/pack"));
    }

    private void awaitOffer() {
        while (!kinds("order-1").contains(JournalEntry.Type.STARTED)) {
            Thread.onSpinWait();
        }
    }

    private Store elsewhere() {
        return Store.open(StoreConfig.of(folder.resolve("a.db")).withClock(clock));
    }

    @Test
    void lostTask_refusedByASecondWorker_staysInDoubt() {
        agent.sagas().start(order().step(pack().idempotent().compensatedBy(context -> "unpack")), "order-1", "book");
        taken();
        lose();
        taken().refused("no box is large enough");
        assertThat(ended().state()).isEqualTo(SagaState.STUCK);
        assertThat(ended().reason().orElseThrow()).contains("unknown outcome");
    }

    @Test
    void lostTasks_countAsAttempts() {
        agent.sagas().start(order().step(pack().idempotent()), "order-1", "book");
        taken();
        lose();
        taken();
        lose();
        assertThat(ended().state()).isEqualTo(SagaState.STUCK);
        assertThat(agent.sagas().claimTask("warehouse", LEASE, Duration.ZERO)).isEmpty();
    }

    @Test
    void cancel_afterALostTask_doesNotWaitForAnotherWorker() {
        agent.sagas().start(order().step(pack().idempotent()), "order-1", "book");
        taken();
        lose();
        agent.sagas().cancel("order-1", "");
        assertThat(ended().state()).isIn(SagaState.STUCK, SagaState.COMPENSATED);
    }

    @Test
    void expiredTask_isLost_andItsReportFenced() {
        agent.sagas().start(order().step(pack()), "order-1", "book");
        StepTask work = agent.sagas()
                .claimTask("warehouse", Lease.withoutHeartbeats(Duration.ofMinutes(5)), LONG)
                .orElseThrow();
        clock.advance(Duration.ofMinutes(6));
        assertThat(ended().state()).isEqualTo(SagaState.STUCK);
        assertThatThrownBy(() -> work.done("box 7")).isInstanceOf(FencedException.class);
    }

    @Test
    void parallelFailure_withdrawsTheTask() {
        agent.sagas()
                .start(
                        order().parallel(failing("charge", StepFailedException.permanent("no money")), pack()),
                        "order-1",
                        "book");
        assertThat(ended().state()).isEqualTo(SagaState.COMPENSATED);
        assertThat(agent.sagas().claimTask("warehouse", LEASE, Duration.ZERO)).isEmpty();
    }

    @Test
    void cancelOfAnOrphan_withdrawsItsTask_beforeTheRollback() {
        try (Store elsewhere = elsewhere()) {
            elsewhere.agent("planner").sagas().start(order().step(pack()), "order-1", "book");
            awaitOffer();
        }
        agent.sagas().cancel("order-1", "");
        assertThat(agent.sagas().run(order().step(pack()), "order-1", "book").state())
                .isEqualTo(SagaState.COMPENSATED);
        assertThat(agent.sagas().claimTask("warehouse", LEASE, Duration.ZERO)).isEmpty();
    }

    @Test
    void cancelOfAnOrphan_withUnclaimedTask_waitsForNoWorker() {
        WorkerStep<String> undone = pack().compensatedBy(context -> "unpack");
        try (Store elsewhere = elsewhere()) {
            elsewhere.agent("planner").sagas().start(order().step(undone), "order-1", "book");
            awaitOffer();
        }
        agent.sagas().cancel("order-1", "");
        agent.sagas().start(order().step(undone), "order-1", "book");
        assertThat(ended().state()).isEqualTo(SagaState.COMPENSATED);
    }

    @Test
    void cancelOfAnOrphan_withClaimedTask_waitsForTheReport() {
        WorkerStep<String> undone = pack().compensatedBy(context -> "unpack").compensateIfUnknown();
        StepTask work;
        try (Store elsewhere = elsewhere()) {
            elsewhere.agent("planner").sagas().start(order().step(undone), "order-1", "book");
            work = taken();
        }
        agent.sagas().cancel("order-1", "");
        agent.sagas().start(order().step(undone), "order-1", "book");
        work.done("box 7");
        StepTask undo = taken();
        assertThat(undo.isCompensation()).isTrue();
        undo.done("");
        assertThat(ended().state()).isEqualTo(SagaState.COMPENSATED);
        assertThat(kinds("order-1"))
                .containsSubsequence(JournalEntry.Type.DONE, JournalEntry.Type.COMPENSATING, JournalEntry.Type.UNDONE);
    }

    @Test
    void namesWithSlashes_keepTasksDistinct() {
        agent.sagas().start(order().step(WorkerStep.of("c", "left", context -> "c")), "a/b", "x");
        while (agent.sagas().find("a/b").orElseThrow().journal().size() < 2) {
            Thread.onSpinWait();
        }
        agent.sagas().start(order().step(WorkerStep.of("b/c", "right", context -> "b/c")), "a", "x");
        while (agent.sagas().find("a").orElseThrow().journal().size() < 2) {
            Thread.onSpinWait();
        }
        StepTask left = agent.sagas().claimTask("left", LEASE, LONG).orElseThrow();
        assertThat(left.saga()).isEqualTo("a/b");
        StepTask right = agent.sagas().claimTask("right", LEASE, LONG).orElseThrow();
        assertThat(right.saga()).isEqualTo("a");
        left.done("");
        right.done("");
    }

    /** There are more released tasks than one request for a task examines. */
    @Test
    void releasedTasks_doNotHideLaterOnes() {
        for (int i = 0; i < 64; i++) {
            agent.sagas().start(order().step(pack()), "lost-" + i, "x");
            taken().close();
        }
        agent.sagas().start(order().step(pack()), "order-1", "x");
        assertThat(taken().saga()).isEqualTo("order-1");
    }
}
