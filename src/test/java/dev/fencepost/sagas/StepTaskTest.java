package dev.fencepost.sagas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fencepost.Claim;
import dev.fencepost.ClaimInfo;
import dev.fencepost.Codec;
import dev.fencepost.FencedException;
import dev.fencepost.Key;
import dev.fencepost.Lease;
import dev.fencepost.RetryPolicy;
import dev.fencepost.Store;
import dev.fencepost.StoreConfig;
import dev.fencepost.internal.ReservedClaims;
import dev.fencepost.saga.ExternalStep;
import dev.fencepost.saga.JournalEntry;
import dev.fencepost.saga.SagaDefinition;
import dev.fencepost.saga.SagaOutcome;
import dev.fencepost.saga.SagaState;
import dev.fencepost.saga.SagaStateException;
import dev.fencepost.saga.Sagas;
import dev.fencepost.saga.StepFailedException;
import dev.fencepost.saga.StepTask;
import dev.fencepost.saga.WorkerStep;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Steps that other agents carry out: their tasks are offered to a role, claimed, and reported under the claim. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class StepTaskTest {
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Lease LEASE = Lease.of(Duration.ofMinutes(5));
    private static final RetryPolicy TWICE = new RetryPolicy(2, Duration.ZERO, Duration.ZERO, Duration.ofMinutes(1));

    @TempDir
    Path folder;

    private Store store;
    private Store elsewhere;
    private Sagas sagas;
    private Sagas warehouse;

    @BeforeEach
    void open() {
        store = Store.open(StoreConfig.of(folder.resolve("a.db")));
        elsewhere = Store.open(StoreConfig.of(folder.resolve("a.db")));
        sagas = store.agent("planner").sagas();
        warehouse = elsewhere.agent("packer").sagas();
    }

    @AfterEach
    void close() {
        assertThat(store.check().findings()).isEmpty();
        elsewhere.close();
        store.close();
    }

    private static SagaDefinition<String> packing(WorkerStep<String> pack) {
        return SagaDefinition.of("order", 1, Codec.text()).step(pack);
    }

    private static WorkerStep<String> pack() {
        return WorkerStep.<String>of("pack", "warehouse", context -> "pack " + context.input())
                .retry(TWICE);
    }

    /** Returns the task as soon as it is offered. */
    private StepTask taken(Sagas by) {
        return by.claimTask("warehouse", LEASE, LONG).orElseThrow();
    }

    private SagaOutcome ended(String saga) {
        return sagas.await(saga, LONG).orElseThrow();
    }

    @Test
    void offeredTask_isClaimedAndDone() {
        WorkerStep<String> pack = pack();
        sagas.start(packing(pack), "order-1", "book");
        StepTask work = taken(warehouse);
        assertThat(work.saga()).isEqualTo("order-1");
        assertThat(work.input()).isEqualTo("pack book");
        assertThat(work.idempotencyKey()).startsWith("order-1/pack/");
        assertThat(warehouse.claimTask("warehouse", LEASE, Duration.ZERO)).isEmpty();
        assertThat(warehouse.claimTask("payments", LEASE, Duration.ZERO)).isEmpty();
        // Another process of the same agent would do the same.
        store.agent("packer").sagas().resumeTask(work.token()).done("box 7");
        assertThat(ended("order-1").output(pack)).contains("box 7");
        assertThatThrownBy(() -> work.done("again")).isInstanceOf(FencedException.class);
    }

    @Test
    void failedTask_isOfferedAgain_andRefusedTaskIsNot() {
        sagas.start(packing(pack()), "order-1", "book");
        taken(warehouse).failed("no tape");
        StepTask second = taken(warehouse);
        assertThat(second.epoch()).isEqualTo(2);
        second.refused("no box is large enough");
        SagaOutcome outcome = ended("order-1");
        assertThat(outcome.state()).isEqualTo(SagaState.COMPENSATED);
        assertThat(outcome.reason()).contains("pack: no box is large enough");
    }

    @Test
    void unreportedTask_isUnknown_andItsLateReportFenced() {
        sagas.start(packing(pack()), "order-1", "book");
        StepTask work = taken(warehouse);
        store.agent("operator").revoke(Key.text("fencepost:task:order-1/pack"));
        SagaOutcome outcome = ended("order-1");
        assertThat(outcome.state()).isEqualTo(SagaState.STUCK);
        assertThat(outcome.reason().orElseThrow()).contains("unknown outcome");
        assertThatThrownBy(() -> work.done("box 7")).isInstanceOf(FencedException.class);
        assertThatThrownBy(() -> warehouse.resumeTask(work.token())).isInstanceOf(FencedException.class);
        assertThat(warehouse.claimTask("warehouse", LEASE, Duration.ZERO)).isEmpty();
        sagas.confirm("order-1", "box 7, as the warehouse says");
        sagas.recover(List.of(packing(pack())));
        assertThat(ended("order-1").output(pack())).contains("box 7, as the warehouse says");
    }

    @Test
    void idempotentTask_isTakenOver_underAHigherEpoch() {
        sagas.start(packing(pack().idempotent()), "order-1", "book");
        StepTask first = taken(warehouse);
        store.agent("operator").revoke(Key.text("fencepost:task:order-1/pack"));
        StepTask second = taken(store.agent("other").sagas());
        assertThat(second.epoch()).isGreaterThan(first.epoch());
        assertThat(second.idempotencyKey()).isEqualTo(first.idempotencyKey());
        assertThatThrownBy(() -> first.done("late")).isInstanceOf(FencedException.class);
        second.done("box 8");
        assertThat(ended("order-1").outputs()).containsEntry("pack", "box 8");
    }

    @Test
    void compensation_isOfferedAsATask() {
        SagaDefinition<String> order = packing(pack().compensatedBy(context -> "unpack " + context.input()))
                .step(ExternalStep.<String>of("send", context -> {
                    throw StepFailedException.permanent("no such address");
                }));
        sagas.start(order, "order-1", "book");
        taken(warehouse).done("box 7");
        StepTask undo = taken(warehouse);
        assertThat(undo.isCompensation()).isTrue();
        assertThat(undo.input()).isEqualTo("unpack book");
        undo.done("");
        assertThat(ended("order-1").state()).isEqualTo(SagaState.COMPENSATED);
    }

    @Test
    void cancel_withdrawsUnclaimedTasks_andAwaitsClaimedOnes() {
        sagas.start(packing(pack()), "order-1", "book");
        while (sagas.find("order-1").orElseThrow().journal().size() < 2) {
            Thread.onSpinWait();
        }
        sagas.cancel("order-1", "");
        assertThat(ended("order-1").state()).isEqualTo(SagaState.COMPENSATED);
        assertThat(warehouse.claimTask("warehouse", LEASE, Duration.ZERO)).isEmpty();
        sagas.start(packing(pack().compensatedBy(context -> "unpack")), "order-2", "book");
        StepTask work = taken(warehouse);
        sagas.cancel("order-2", "");
        work.done("box 7");
        taken(warehouse).done("");
        assertThat(ended("order-2").state()).isEqualTo(SagaState.COMPENSATED);
        assertThat(sagas.find("order-2").orElseThrow().journal())
                .extracting(entry -> entry.type())
                .containsSubsequence(
                        JournalEntry.Type.CANCEL_REQUESTED,
                        JournalEntry.Type.DONE,
                        JournalEntry.Type.COMPENSATING,
                        JournalEntry.Type.UNDONE);
    }

    @Test
    void claimBeforeTheAttempt_isNoTask() {
        Claim early = ReservedClaims.request(elsewhere, "packer", "fencepost:task:order-1/pack", LEASE)
                .orThrow();
        sagas.start(packing(pack()), "order-1", "book");
        while (sagas.find("order-1").orElseThrow().journal().size() < 2) {
            Thread.onSpinWait();
        }
        assertThatThrownBy(() -> warehouse.resumeTask(early.token())).isInstanceOf(SagaStateException.class);
        early.release();
        taken(warehouse).done("box 7");
        assertThat(ended("order-1").outputs()).containsEntry("pack", "box 7");
    }

    @Test
    void token_afterItsReport_isRefused() {
        sagas.start(packing(pack()), "order-1", "book");
        StepTask first = taken(warehouse);
        first.failed("no tape");
        StepTask second = taken(warehouse);
        assertThatThrownBy(() -> warehouse.resumeTask(first.token()))
                .isInstanceOf(SagaStateException.class)
                .hasMessageContaining("as failed");
        second.done("box 7");
        assertThat(ended("order-1").outputs()).containsEntry("pack", "box 7");
        assertThatThrownBy(() -> warehouse.resumeTask(second.token()))
                .isInstanceOf(SagaStateException.class)
                .hasMessageContaining("as done");
        assertThatThrownBy(() -> warehouse.resumeTask(first.token())).hasMessageContaining("as failed");
    }

    @Test
    void tokenOfAnotherClaim_isNoTask() {
        Claim other = elsewhere.agent("packer").claim(Key.text("box"), LEASE).orThrow();
        assertThatThrownBy(() -> warehouse.resumeTask(other.token()))
                .isInstanceOf(SagaStateException.class)
                .hasMessageContaining("[box], not on a task of a saga");
        other.close();
    }

    /** A task may take longer than the maximum hold of a claim without writes. */
    @Test
    void waitingCoordinator_renewsItsClaim() {
        Duration hold = Duration.ofMillis(150);
        StoreConfig config = StoreConfig.of(folder.resolve("b.db")).withHeartbeat(hold.dividedBy(3));
        try (Store quick = Store.open(config)) {
            SagaDefinition<String> order = packing(pack()).lease(Lease.of(hold).maxHold(hold));
            quick.agent("planner").sagas().start(order, "order-1", "book");
            Set<Instant> ends = new HashSet<>();
            Set<Long> epochs = new HashSet<>();
            while (ends.size() < 4) {
                for (ClaimInfo claim : quick.claims()) {
                    ends.add(claim.expiresAt());
                    epochs.add(claim.epoch());
                }
            }
            assertThat(epochs).containsExactly(1L);
        }
    }

    /** The task survives its coordinator; the next coordinator waits for the same report. */
    @Test
    void task_outlivesItsCoordinator() {
        sagas.start(packing(pack()), "order-1", "book");
        StepTask work = taken(warehouse);
        store.agent("operator").revoke(Key.text("fencepost:saga:order-1"));
        work.done("box 7");
        while (sagas.recover(List.of(packing(pack()))).isEmpty()
                && !sagas.find("order-1").orElseThrow().state().ended()) {
            Thread.onSpinWait();
        }
        assertThat(ended("order-1").outputs()).containsEntry("pack", "box 7");
    }
}
