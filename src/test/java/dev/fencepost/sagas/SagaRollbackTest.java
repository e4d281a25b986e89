package dev.fencepost.sagas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fencepost.FencedException;
import dev.fencepost.Key;
import dev.fencepost.Store;
import dev.fencepost.saga.ExternalStep;
import dev.fencepost.saga.ExternalStep.ProbeResult;
import dev.fencepost.saga.JournalEntry;
import dev.fencepost.saga.SagaDefinition;
import dev.fencepost.saga.SagaOutcome;
import dev.fencepost.saga.SagaState;
import dev.fencepost.saga.StepContext;
import dev.fencepost.saga.StepFailedException;
import dev.fencepost.saga.StepTask;
import dev.fencepost.saga.WorkerStep;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Rollback of sagas. A saga first resolves outcomes that matter for the rollback, then compensates the executed steps
 * and no others.
 */
class SagaRollbackTest extends OneOrderFixture {
    private static final StepFailedException NO = StepFailedException.permanent("no");

    private static WorkerStep<String> pack() {
        return WorkerStep.<String>of("pack", "warehouse", context -> "pack " + context.input())
                .compensatedBy(context -> "unpack")
                .retry(TWICE);
    }

    /**
     * Returns the claimed task of a saga whose coordinator is gone and which is cancelled before another coordinates
     * it.
     */
    private StepTask takenOfOneThatTurnsBack(WorkerStep<String> pack) {
        StepTask work;
        try (Store elsewhere = Store.open(config())) {
            elsewhere.agent("planner").sagas().start(order().step(pack), "order-1", "x");
            work = taken();
        }
        agent.sagas().cancel("order-1", "");
        agent.sagas().start(order().step(pack), "order-1", "x");
        return work;
    }

    private void cancelAndLose(StepContext<String> context) {
        agent.sagas().cancel(context.saga(), "");
        store.agent("operator").revoke(Key.text("fencepost:saga:" + context.saga()));
    }

    @Test
    void failedTask_duringRollback_isNotOfferedAgain() {
        takenOfOneThatTurnsBack(pack()).failed("no tape");
        assertThat(ended().state()).isEqualTo(SagaState.COMPENSATED);
        assertThat(kinds("order-1"))
                .containsExactly(
                        JournalEntry.Type.BEGUN,
                        JournalEntry.Type.STARTED,
                        JournalEntry.Type.CANCEL_REQUESTED,
                        JournalEntry.Type.FAILED,
                        JournalEntry.Type.COMPENSATING,
                        JournalEntry.Type.COMPENSATED);
    }

    /** The withdrawal of a later task says nothing about an earlier claim. */
    @Test
    void withdrawnTask_afterALostClaim_staysInDoubt() {
        offeredAgain(order().step(pack().idempotent()));
        agent.sagas().cancel("order-1", "");
        assertThat(ended().state()).isEqualTo(SagaState.STUCK);
        assertThat(ended().reason().orElseThrow()).contains("the worker of an earlier attempt has not reported");
        assertThat(kinds("order-1")).doesNotContain(JournalEntry.Type.RULED_OUT);
    }

    @Test
    void withdrawnTask_afterALostClaim_isCompensatedIfConfigured() {
        offeredAgain(order().step(pack().idempotent().compensateIfUnknown()));
        agent.sagas().cancel("order-1", "");
        awaitEntries("order-1", JournalEntry.Type.UNDOING, 1);
        StepTask undo = taken();
        assertThat(undo.isCompensation()).isTrue();
        undo.done("");
        assertThat(ended().state()).isEqualTo(SagaState.COMPENSATED);
    }

    @Test
    void taskWithdrawnByASuccessor_afterALostClaim_staysInDoubt() {
        SagaDefinition<String> order = order().step(pack().idempotent());
        offeredAgain(order);
        store.agent("operator").revoke(Key.text("fencepost:saga:order-1"));
        agent.sagas().cancel("order-1", "");
        agent.sagas().start(order, "order-1", "x");
        assertThat(ended().state()).isEqualTo(SagaState.STUCK);
    }

    /** The step has no compensation, so the rollback does not need its outcome. */
    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void withdrawnTask_withoutCompensation_doesNotBlockRollback(int attempts) {
        offeredAgain(order().step(mail().retry(TWICE.maxAttempts(attempts))));
        agent.sagas().cancel("order-1", "");
        assertThat(ended().state()).isEqualTo(SagaState.COMPENSATED);
        assertThat(kinds("order-1"))
                .endsWith(JournalEntry.Type.UNKNOWN, JournalEntry.Type.COMPENSATING, JournalEntry.Type.COMPENSATED);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void taskWithdrawnByASuccessor_doesNotBlockRollback(int attempts) {
        SagaDefinition<String> order = order().step(mail().retry(TWICE.maxAttempts(attempts)));
        offeredAgain(order);
        store.agent("operator").revoke(Key.text("fencepost:saga:order-1"));
        agent.sagas().cancel("order-1", "");
        agent.sagas().start(order, "order-1", "x");
        assertThat(ended().state()).isEqualTo(SagaState.COMPENSATED);
        assertThat(kinds("order-1"))
                .endsWith(JournalEntry.Type.UNKNOWN, JournalEntry.Type.COMPENSATING, JournalEntry.Type.COMPENSATED);
    }

    /** A saga past its pivot cannot roll back, so the rollback needs the pivot's outcome. */
    @Test
    void withdrawnPivotTask_afterALostClaim_staysInDoubt() {
        offeredAgain(order().pivot(mail()));
        agent.sagas().cancel("order-1", "");
        assertThat(ended().state()).isEqualTo(SagaState.STUCK);
    }

    private static WorkerStep<String> mail() {
        return WorkerStep.<String>of("pack", "warehouse", context -> "mail")
                .idempotent()
                .retry(TWICE);
    }

    private void offeredAgain(SagaDefinition<String> order) {
        agent.sagas().start(order, "order-1", "x");
        taken();
        store.agent("operator").revoke(Key.text("fencepost:task:order-1/pack"));
        awaitEntries("order-1", JournalEntry.Type.STARTED, 2);
    }

    @Test
    void lostIdempotentTask_duringRollback_isStuck() {
        takenOfOneThatTurnsBack(pack().idempotent());
        store.agent("operator").revoke(Key.text("fencepost:task:order-1/pack"));
        assertThat(ended().state()).isEqualTo(SagaState.STUCK);
        assertThat(ended().reason()).contains("pack: unknown outcome of attempt 1: the worker has not reported");
        assertThat(kinds("order-1")).endsWith(JournalEntry.Type.UNKNOWN, JournalEntry.Type.STUCK);
    }

    /** Otherwise its outcome would be unknown, and the step would be compensated. */
    @Test
    void withdrawnTask_isRuledOut_andNotCompensated() {
        agent.sagas().start(order().step(pack().compensateIfUnknown()), "order-1", "x");
        awaitEntries("order-1", JournalEntry.Type.STARTED, 1);
        agent.sagas().cancel("order-1", "");
        assertThat(ended().state()).isEqualTo(SagaState.COMPENSATED);
        assertThat(kinds("order-1"))
                .containsExactly(
                        JournalEntry.Type.BEGUN,
                        JournalEntry.Type.STARTED,
                        JournalEntry.Type.CANCEL_REQUESTED,
                        JournalEntry.Type.RULED_OUT,
                        JournalEntry.Type.COMPENSATING,
                        JournalEntry.Type.COMPENSATED);
    }

    @Test
    void stepRepeatedToResolveIt_isNotRetriedAfterARefusal() {
        Iterator<Exception> attempts = List.of(new IOException("reset"), StepFailedException.retryable("busy"), NO)
                .iterator();
        ExternalStep<String, String> charge = ExternalStep.<String>of("charge", context -> {
                    effects.add("charge");
                    if (context.attempt() == 2) {
                        agent.sagas().cancel(context.saga(), "");
                    }
                    throw attempts.next();
                })
                .compensatedBy((context, input, output) -> effects.add("refund"))
                .idempotent()
                .retry(TWICE.maxAttempts(4));
        assertThat(run(order().step(charge)).state()).isEqualTo(SagaState.STUCK);
        assertThat(effects).containsExactly("charge", "charge", "charge");
    }

    @Test
    void unknownStep_withoutCompensation_doesNotBlockRollback() {
        ExternalStep<String, String> mail = ExternalStep.of("mail", context -> {
            cancelAndLose(context);
            return "sent";
        });
        SagaDefinition<String> order = order().step(effect("pack")).step(mail);
        assertThatThrownBy(() -> run(order)).isInstanceOf(FencedException.class);
        assertThat(run(order).state()).isEqualTo(SagaState.COMPENSATED);
        assertThat(effects).containsExactly("pack pack", "undo pack true");
    }

    @Test
    void stepCompensatedIfUnknown_isNotProbed() {
        ExternalStep<String, String> charge = ExternalStep.<String>of("charge", context -> {
                    cancelAndLose(context);
                    return "paid";
                })
                .compensatedBy((context, input, output) -> effects.add("refund " + output.isPresent()))
                .compensateIfUnknown()
                .withProbe(context -> {
                    effects.add("asked");
                    return new ProbeResult.Executed<>("paid");
                });
        assertThatThrownBy(() -> run(order().step(charge))).isInstanceOf(FencedException.class);
        assertThat(run(order().step(charge)).state()).isEqualTo(SagaState.COMPENSATED);
        assertThat(effects).containsExactly("refund false");
    }

    @Test
    void unstartedStep_isNotCompensated() {
        SagaDefinition<String> order =
                order().step(failing("ship", NO)).step(effect("mail").compensateIfUnknown());
        assertThat(run(order).state()).isEqualTo(SagaState.COMPENSATED);
        assertThat(effects).containsExactly("ship");
    }

    @Test
    void unknownStep_isCompensated_acrossATakeover() {
        ExternalStep<String, String> charge = failing("charge", new IOException("reset"))
                .compensatedBy((context, input, output) -> {
                    effects.add("refund " + context.attempt());
                    if (context.attempt() == 1) {
                        store.agent("operator").revoke(Key.text("fencepost:saga:" + context.saga()));
                    }
                })
                .compensateIfUnknown()
                .compensationRetry(TWICE);
        assertThatThrownBy(() -> run(order().step(charge))).isInstanceOf(FencedException.class);
        assertThat(run(order().step(charge)).state()).isEqualTo(SagaState.COMPENSATED);
        assertThat(effects).containsExactly("charge", "refund 1", "refund 2");
    }

    @Test
    void failedAttempt_afterTheDeadline_isNotRetried() {
        ExternalStep<String, String> slow = ExternalStep.<String>of("slow", context -> {
                    effects.add("slow");
                    clock.advance(Duration.ofHours(2));
                    throw StepFailedException.retryable("busy");
                })
                .retry(TWICE);
        assertThat(run(order().step(slow).timeout(Duration.ofHours(1))).reason())
                .contains("its deadline has passed");
        assertThat(effects).containsExactly("slow");
    }

    /** The commit that completes a saga checks for a cancel request once more. */
    @Test
    void cancelBeforeTheLastCommit_isCompensated() {
        Thread coordinator = Thread.currentThread();
        AtomicBoolean cancelled = new AtomicBoolean();
        // The clock is read after the last read of the journal, to check the deadline.
        InstantSource turning = () -> {
            if (Thread.currentThread() == coordinator
                    && agent.sagas().find("order-1").isPresent()
                    && kinds("order-1").contains(JournalEntry.Type.DONE)
                    && cancelled.compareAndSet(false, true)) {
                agent.sagas().cancel("order-1", "changed my mind");
            }
            return clock.instant();
        };
        SagaDefinition<String> order = order().step(effect("charge")).timeout(Duration.ofHours(1));
        try (Store turned = Store.open(config().withClock(turning))) {
            SagaOutcome outcome = turned.agent("planner").sagas().run(order, "order-1", "x");
            assertThat(outcome.state()).isEqualTo(SagaState.COMPENSATED);
            assertThat(outcome.reason()).contains("cancelled: changed my mind");
        }
        assertThat(effects).containsExactly("charge charge", "undo charge true");
    }
}
