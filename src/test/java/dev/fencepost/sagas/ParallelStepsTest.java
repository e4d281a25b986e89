package dev.fencepost.sagas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fencepost.FencedException;
import dev.fencepost.Key;
import dev.fencepost.saga.ExternalStep;
import dev.fencepost.saga.JournalEntry;
import dev.fencepost.saga.SagaDefinition;
import dev.fencepost.saga.SagaOutcome;
import dev.fencepost.saga.SagaState;
import dev.fencepost.saga.SagaStep;
import dev.fencepost.saga.StepFailedException;
import dev.fencepost.saga.StoreStep;
import dev.fencepost.saga.WorkerStep;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Parallel steps. Once the journal rules out that one of them is done, none of the others starts. */
class ParallelStepsTest extends SagaFixture {
    private static final String SAGA = "order-1";
    private static final Duration LONG = Duration.ofSeconds(10);

    /** Returns a step that waits for an entry of this type before it starts. */
    private ExternalStep<String, String> begunAfter(JournalEntry.Type last) {
        return ExternalStep.<String>of("late", context -> {
                    effects.add("late");
                    return "";
                })
                .compensatedBy(
                        context -> {
                            awaitEntries(SAGA, last, 1);
                            return "";
                        },
                        (context, input, output) -> effects.add("undo late"));
    }

    private static ExternalStep<String, String> outside(Exception how) {
        return ExternalStep.<String>of("given up", context -> {
            throw how;
        });
    }

    record GivenUp(JournalEntry.Type last, SagaStep<String, ?> step, SagaState end) {
        @Override
        public String toString() {
            return last + " leads to " + end;
        }
    }

    static Stream<GivenUp> stepsThatAreGivenUp() {
        return Stream.of(
                new GivenUp(
                        JournalEntry.Type.REFUSED, outside(StepFailedException.permanent("no")), SagaState.COMPENSATED),
                new GivenUp(
                        JournalEntry.Type.REFUSED,
                        StoreStep.<String>of("given up", (tx, context) -> {
                            throw StepFailedException.permanent("no");
                        }),
                        SagaState.COMPENSATED),
                new GivenUp(
                        JournalEntry.Type.FAILED,
                        outside(StepFailedException.retryable("busy")).retry(TWICE.maxAttempts(1)),
                        SagaState.COMPENSATED),
                new GivenUp(JournalEntry.Type.UNKNOWN, outside(new IOException("lost")), SagaState.STUCK),
                new GivenUp(
                        JournalEntry.Type.UNKNOWN,
                        outside(new IOException("lost"))
                                .compensatedBy((context, input, output) -> {})
                                .compensateIfUnknown(),
                        SagaState.COMPENSATED),
                new GivenUp(
                        JournalEntry.Type.RULED_OUT,
                        outside(new IOException("lost"))
                                .retry(TWICE.maxAttempts(1))
                                .withProbe(context -> new ExternalStep.ProbeResult.NotExecuted<>()),
                        SagaState.COMPENSATED));
    }

    @ParameterizedTest
    @MethodSource("stepsThatAreGivenUp")
    void abandonedStep_preventsParallelStarts(GivenUp beside) {
        SagaOutcome outcome = agent.sagas().run(order().parallel(beside.step(), begunAfter(beside.last())), SAGA, "x");
        assertThat(outcome.state()).isEqualTo(beside.end());
        assertThat(effects).isEmpty();
    }

    @Test
    void recovery_afterAnUnknownStep_startsNoParallelStep() {
        foundGivenUp(JournalEntry.Type.UNKNOWN, new IOException("lost"));
    }

    @Test
    void recovery_afterAFinalFailure_startsNoParallelStep() {
        foundGivenUp(JournalEntry.Type.FAILED, StepFailedException.retryable("busy"));
    }

    private void foundGivenUp(JournalEntry.Type last, Exception how) {
        AtomicBoolean lost = new AtomicBoolean();
        CountDownLatch asked = new CountDownLatch(1);
        ExternalStep<String, String> late = ExternalStep.<String>of("late", context -> {
                    effects.add("late");
                    return "";
                })
                .compensatedBy(
                        context -> {
                            if (lost.compareAndSet(false, true)) {
                                asked.countDown();
                                awaitEntries(SAGA, last, 1);
                                store.agent("operator").revoke(Key.text("fencepost:saga:" + SAGA));
                            }
                            return "";
                        },
                        (context, input, output) -> effects.add("undo late"));
        SagaDefinition<String> order = order().parallel(
                        late,
                        ExternalStep.<String>of("given up", context -> {
                                    asked.await();
                                    throw how;
                                })
                                .compensatedBy((context, input, output) -> {})
                                .compensateIfUnknown()
                                .retry(TWICE.maxAttempts(1)));
        assertThatThrownBy(() -> agent.sagas().run(order, SAGA, "x")).isInstanceOf(FencedException.class);
        assertThat(agent.sagas().run(order, SAGA, "x").state()).isEqualTo(SagaState.COMPENSATED);
        assertThat(effects).isEmpty();
    }

    @Test
    void retriedStep_doesNotPreventParallelSteps() {
        ExternalStep<String, String> flaky = ExternalStep.<String>of("flaky", context -> {
                    if (effects.isEmpty()) {
                        throw StepFailedException.retryable("wait for the other");
                    }
                    return "";
                })
                .retry(TWICE.maxAttempts(1_000_000));
        SagaOutcome outcome =
                agent.sagas().run(order().parallel(flaky, begunAfter(JournalEntry.Type.FAILED)), SAGA, "x");
        assertThat(outcome.state()).isEqualTo(SagaState.COMPLETED);
        assertThat(effects).isEqualTo(List.of("late"));
    }

    /** The journal has no entry about the failure yet, so only this process knows of it. */
    @Test
    void stuckStep_withdrawsTheParallelTask() {
        ExternalStep<String, String> charge = ExternalStep.<String>of("charge", context -> {
                    awaitEntries(SAGA, JournalEntry.Type.STARTED, 2);
                    throw new IOException("reset");
                })
                .retry(TWICE)
                .withProbe(context -> new ExternalStep.ProbeResult.Unknown<>("the bank is closed"));
        agent.sagas().start(order().parallel(charge, offered()), SAGA, "x");
        assertThat(agent.sagas().await(SAGA, LONG)).map(SagaOutcome::state).contains(SagaState.STUCK);
        assertThat(kinds(SAGA)).endsWith(JournalEntry.Type.RULED_OUT, JournalEntry.Type.STUCK);
    }

    @Test
    void errorInAStep_withdrawsTheParallelTask() {
        ExternalStep<String, String> deep = ExternalStep.of("deep", context -> {
            awaitEntries(SAGA, JournalEntry.Type.STARTED, 2);
            throw new StackOverflowError("deep");
        });
        agent.sagas().start(order().parallel(deep, offered()), SAGA, "x");
        assertThat(agent.sagas().await(SAGA, LONG)).map(SagaOutcome::state).contains(SagaState.STUCK);
        assertThat(kinds(SAGA)).endsWith(JournalEntry.Type.RULED_OUT, JournalEntry.Type.STUCK);
    }

    @Test
    void doneStep_keepsTheParallelTask() {
        WorkerStep<String> pack = WorkerStep.<String>of("pack", "warehouse", context -> {
                    awaitEntries(SAGA, JournalEntry.Type.DONE, 1);
                    return "pack";
                })
                .retry(TWICE.maxAttempts(1));
        agent.sagas().start(order().parallel(effect("quick"), pack), SAGA, "x");
        awaitEntries(SAGA, JournalEntry.Type.STARTED, 2);
        // It has checked its task once and waits, or the saga is over.
        while (!isWaiting("fencepost-saga-" + SAGA + "-pack")
                && agent.sagas().find(SAGA).orElseThrow().state() == SagaState.RUNNING) {
            Thread.onSpinWait();
        }
        agent.sagas()
                .claimTask("warehouse", OrderSaga.LEASE, LONG)
                .orElseThrow()
                .done("box 7");
        assertThat(agent.sagas().await(SAGA, LONG)).map(SagaOutcome::state).contains(SagaState.COMPLETED);
        assertThat(kinds(SAGA)).doesNotContain(JournalEntry.Type.RULED_OUT);
    }

    private static boolean isWaiting(String name) {
        return Thread.getAllStackTraces().keySet().stream()
                .anyMatch(thread -> thread.getName().equals(name) && thread.getState() == Thread.State.TIMED_WAITING);
    }

    private static WorkerStep<String> offered() {
        return WorkerStep.<String>of("pack", "warehouse", context -> "pack").retry(TWICE);
    }

    @Test
    void errorInAnyStep_isTheReasonOfTheStuckSaga() {
        ExternalStep<String, String> deep = ExternalStep.of("deep", context -> {
            throw new StackOverflowError("deep");
        });
        SagaOutcome outcome = agent.sagas().run(order().parallel(effect("quick"), deep), SAGA, "x");
        assertThat(outcome.state()).isEqualTo(SagaState.STUCK);
        assertThat(outcome.reason().orElseThrow()).contains("StackOverflowError: deep");
        assertThat(store.claims()).isEmpty();
    }
}
