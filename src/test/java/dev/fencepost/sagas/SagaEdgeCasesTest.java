package dev.fencepost.sagas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.fencepost.Codec;
import dev.fencepost.FencepostException;
import dev.fencepost.InvalidInputException;
import dev.fencepost.Key;
import dev.fencepost.RetryPolicy;
import dev.fencepost.Store;
import dev.fencepost.StoreConfig;
import dev.fencepost.WaitInterruptedException;
import dev.fencepost.saga.ExternalStep;
import dev.fencepost.saga.JournalEntry;
import dev.fencepost.saga.SagaDefinition;
import dev.fencepost.saga.SagaOutcome;
import dev.fencepost.saga.SagaState;
import dev.fencepost.saga.StepFailedException;
import dev.fencepost.saga.StoreStep;
import dev.fencepost.saga.WorkerStep;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Edge cases that end a saga or show it as stuck. None of them loops, or delays other sagas. */
class SagaEdgeCasesTest extends SagaFixture {
    private static final Duration LONG = Duration.ofSeconds(10);

    @Test
    void sagaWithoutSteps_isCompleted() {
        assertThat(agent.sagas().run(order(), "order-1", "x").completed()).isTrue();
        assertThat(kinds("order-1")).containsExactly(JournalEntry.Type.BEGUN, JournalEntry.Type.COMPLETED);
    }

    /** A manual saga has this definition. Recovery would leave the saga alone. */
    @Test
    void definitionNamedAsManualSagas_isRefused() {
        SagaDefinition<String> reported =
                SagaDefinition.of("reported", 1, Codec.text()).step(effect("charge"));
        assertThatThrownBy(() -> agent.sagas().run(reported, "order-1", "x"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("'reported'")
                .hasMessageContaining("another name");
        assertThatThrownBy(() -> agent.sagas().start(reported, "order-1", "x"))
                .isInstanceOf(InvalidInputException.class);
        assertThat(agent.sagas().find("order-1")).isEmpty();
    }

    @Test
    void waitingSagas_doNotDelayRunnableSagas() {
        SagaDefinition<String> waiting =
                SagaDefinition.of("waiting", 1, order().codec()).step(WorkerStep.of("ask", "packer", context -> ""));
        SagaDefinition<String> quick = order().step(effect("charge"));
        try (Store elsewhere = Store.open(StoreConfig.of(folder.resolve("a.db")).withClock(clock))) {
            for (int i = 0; i < 8; i++) {
                elsewhere.agent("planner").sagas().start(waiting, "waiting-" + i, "x");
            }
        }
        agent.sagas().run(order().step(failing("charge", new IOException("reset"))), "order-1", "x");
        agent.sagas().retry("order-1", "");
        effects.clear();
        agent.sagas().recoverEvery(Duration.ofMillis(10), List.of(waiting, quick));
        assertThat(agent.sagas().await("order-1", LONG)).map(SagaOutcome::state).contains(SagaState.COMPLETED);
    }

    @Test
    void sagaTakenOverDuringRecovery_doesNotStopTheOthers() {
        AtomicInteger calls = new AtomicInteger();
        SagaDefinition<String> order = order().step(ExternalStep.<String>of("charge", context -> {
            if (calls.incrementAndGet() <= 2) {
                throw new IOException("reset");
            } else if (context.saga().equals("order-1")) {
                store.agent("operator").revoke(Key.text("fencepost:saga:order-1"));
            }
            return "paid";
        }));
        for (String id : List.of("order-1", "order-2")) {
            agent.sagas().run(order, id, "x");
            agent.sagas().retry(id, "");
        }
        assertThat(Optional.ofNullable(catchThrowable(() -> agent.sagas().recover(List.of(order))))
                        .filter(thrown -> !(thrown instanceof FencepostException)))
                .isEmpty();
        assertThat(agent.sagas().find("order-2").orElseThrow().state()).isEqualTo(SagaState.COMPLETED);
    }

    @Test
    void completedSaga_afterBeingStuck_hasNoReason() {
        SagaDefinition<String> order = order().step(failing("charge", new IOException("reset")));
        agent.sagas().run(order, "order-1", "x");
        agent.sagas().skip("order-1", "");
        SagaOutcome outcome = agent.sagas().run(order, "order-1", "x");
        assertThat(outcome.completed()).isTrue();
        assertThat(outcome.reason()).isEmpty();
    }

    @Test
    void compensatedSaga_afterBeingStuck_keepsItsFirstReason() {
        SagaDefinition<String> order = order().step(effect("charge").compensatedBy((context, input, output) -> {
                    throw new IOException("bank closed");
                }))
                .step(failing("ship", StepFailedException.permanent("no address")));
        agent.sagas().run(order, "order-1", "x");
        agent.sagas().skip("order-1", "by hand");
        assertThat(agent.sagas().run(order, "order-1", "x").reason()).contains("ship: no address");
    }

    @Test
    void interruptedStoreStep_isNoFailedAttempt() {
        StoreStep<String, String> contended = StoreStep.<String>of("count", (tx, context) -> {
                    String before = tx.get(STOCK).orElseThrow().value();
                    agent.put(STOCK, before + "0").orThrow();
                    Thread.currentThread().interrupt();
                    tx.put(STOCK, before);
                    return before;
                })
                .retry(RetryPolicy.never());
        assertThatThrownBy(() -> agent.sagas().run(order().step(contended), "order-1", "x"))
                .isInstanceOf(WaitInterruptedException.class);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(agent.sagas().find("order-1").orElseThrow().state()).isEqualTo(SagaState.RUNNING);
    }

    @Test
    void failingCompensationInput_failsTheStep() {
        SagaDefinition<String> order = order().step(effect("charge")
                .compensatedBy(
                        context -> {
                            throw new IllegalStateException("no account");
                        },
                        (context, input, output) -> {}));
        SagaOutcome outcome = agent.sagas().run(order, "order-1", "x");
        assertThat(outcome.state()).isEqualTo(SagaState.COMPENSATED);
        assertThat(effects).isEmpty();
    }

    @Test
    void failingTaskInput_failsTheStep() {
        AtomicInteger calls = new AtomicInteger();
        WorkerStep<String> ask = WorkerStep.<String>of("ask", "packer", context -> {
                    assertThat(calls.incrementAndGet()).isLessThanOrEqualTo(2);
                    throw new IllegalStateException("no address");
                })
                .retry(TWICE);
        SagaOutcome outcome = agent.sagas().run(order().step(ask), "order-1", "x");
        assertThat(outcome.state()).isEqualTo(SagaState.COMPENSATED);
        assertThat(outcome.reason()).contains("ask: no address");
        assertThat(kinds("order-1"))
                .containsExactly(
                        JournalEntry.Type.BEGUN,
                        JournalEntry.Type.FAILED,
                        JournalEntry.Type.FAILED,
                        JournalEntry.Type.COMPENSATING,
                        JournalEntry.Type.COMPENSATED);
    }

    @Test
    void unstorableOutput_isAnUnknownOutcome() {
        for (String odd : List.of("a\0b", "half \ud83d")) {
            effects.clear();
            SagaDefinition<String> order = order().step(ExternalStep.<String>of("charge", context -> {
                effects.add("charge");
                return odd;
            }));
            SagaOutcome outcome = agent.sagas().run(order, "order-" + odd.length(), "x");
            assertThat(outcome.state()).isEqualTo(SagaState.STUCK);
            assertThat(effects).hasSize(1);
        }
    }

    @Test
    void unstorableErrorMessage_isStoredInPart() {
        SagaDefinition<String> order = order().step(failing("charge", new IOException("a\0b half \ud83d")));
        SagaOutcome outcome = agent.sagas().run(order, "order-1", "x");
        assertThat(outcome.state()).isEqualTo(SagaState.STUCK);
        assertThat(outcome.reason().orElseThrow()).contains("ab half");
    }

    @Test
    void invalidDefinitions_areRefused() {
        assertThatThrownBy(() -> order().step(effect("charge")).step(effect("charge")))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("two steps named 'charge'");
        assertThatThrownBy(() -> order().pivot(effect("charge").compensateIfUnknown()))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("pivot");
        assertThatThrownBy(() -> order().timeout(Duration.ofDays(100_000))).isInstanceOf(InvalidInputException.class);
        assertThatThrownBy(() -> new SagaDefinition<>(
                        "order",
                        1,
                        Codec.text(),
                        List.of(),
                        Set.of("packer"),
                        Optional.empty(),
                        any -> List.of(),
                        order().lease()))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("packer");
        assertThatThrownBy(() -> effect(" ")).isInstanceOf(InvalidInputException.class);
    }

    @Test
    void nameTooLongForThisStore_isRefusedBeforeTheStart() {
        try (Store strict = Store.open(StoreConfig.of(folder.resolve("b.db")).withMaxKeyBytes(20))) {
            String name = "order-".repeat(5);
            assertThatThrownBy(() -> strict.agent("planner").sagas().run(order(), name, "x"))
                    .isInstanceOf(FencepostException.class);
            assertThat(strict.agent("planner").sagas().list(true)).isEmpty();
        }
    }

    @Test
    void errorInTheFirstParallelStep_waitsForTheOthers() {
        StringBuilder second = new StringBuilder();
        ExternalStep<String, String> slow = ExternalStep.of("slow", context -> {
            while (!effects.contains("first")) {
                Thread.onSpinWait();
            }
            for (int i = 0; i < 50; i++) {
                store.agent("other").put(Key.text("k"), Integer.toString(i)).orThrow();
            }
            second.append("done");
            return "slow";
        });
        ExternalStep<String, String> first = ExternalStep.of("first", context -> {
            awaitEntries("order-1", JournalEntry.Type.STARTED, 2);
            effects.add("first");
            throw new StackOverflowError("deep");
        });
        assertThat(agent.sagas()
                        .run(order().parallel(first, slow), "order-1", "x")
                        .state())
                .isEqualTo(SagaState.STUCK);
        assertThat(kinds("order-1").stream().filter(JournalEntry.Type.DONE::equals))
                .hasSize(1);
    }
}
