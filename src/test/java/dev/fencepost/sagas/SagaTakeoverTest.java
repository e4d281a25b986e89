package dev.fencepost.sagas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fencepost.Agent;
import dev.fencepost.Claim;
import dev.fencepost.FencedException;
import dev.fencepost.Key;
import dev.fencepost.Lease;
import dev.fencepost.RetryPolicy;
import dev.fencepost.Store;
import dev.fencepost.WaitInterruptedException;
import dev.fencepost.internal.ReservedClaims;
import dev.fencepost.saga.ExternalStep;
import dev.fencepost.saga.ExternalStep.ProbeResult;
import dev.fencepost.saga.JournalEntry;
import dev.fencepost.saga.SagaDefinition;
import dev.fencepost.saga.SagaOutcome;
import dev.fencepost.saga.SagaState;
import dev.fencepost.saga.SagaStateException;
import dev.fencepost.saga.StepFailedException;
import dev.fencepost.saga.StepTask;
import dev.fencepost.saga.WorkerStep;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Takeover of sagas. The new coordinator continues from the journal: attempts count, and it waits for open tasks. */
class SagaTakeoverTest extends OneOrderFixture {

    /** Longer than any test waits: an interrupt ends the wait at once. */
    private static final RetryPolicy SLOWLY =
            new RetryPolicy(2, Duration.ofMinutes(1), Duration.ofMinutes(1), Duration.ofMinutes(10));

    private static WorkerStep<String> pack() {
        return WorkerStep.<String>of("pack", "warehouse", context -> "pack " + context.input())
                .retry(TWICE);
    }

    private void lose() {
        store.agent("operator").revoke(Key.text("fencepost:saga:order-1"));
    }

    @Test
    void lastAttemptOfATask_isAwaited_afterATakeover() {
        SagaDefinition<String> order = order().step(pack().retry(TWICE.maxAttempts(1)));
        StepTask work;
        try (Store elsewhere = Store.open(config())) {
            elsewhere.agent("planner").sagas().start(order, "order-1", "x");
            work = taken();
        }
        agent.sagas().start(order, "order-1", "x");
        work.done("box 7");
        assertThat(ended().outputs()).containsEntry("pack", "box 7");
    }

    @Test
    void refusedTask_afterATakeover_isCompensated() {
        SagaDefinition<String> order = order().step(pack());
        StepTask work;
        try (Store elsewhere = Store.open(config())) {
            elsewhere.agent("planner").sagas().start(order, "order-1", "x");
            work = taken();
        }
        agent.sagas().start(order, "order-1", "x");
        work.refused("no box is large enough");
        assertThat(ended().state()).isEqualTo(SagaState.COMPENSATED);
        assertThat(ended().reason()).contains("pack: no box is large enough");
    }

    @Test
    void lastAttempt_ruledOutByTheProbe_isNotRepeated() {
        ExternalStep<String, String> charge = ExternalStep.<String>of("charge", context -> {
                    effects.add("charge");
                    lose();
                    return "paid";
                })
                .withProbe(context -> new ProbeResult.NotExecuted<>())
                .retry(TWICE.maxAttempts(1));
        assertThatThrownBy(() -> run(order().step(charge))).isInstanceOf(FencedException.class);
        assertThat(run(order().step(charge)).state()).isEqualTo(SagaState.COMPENSATED);
        assertThat(effects).containsExactly("charge");
    }

    /** The loss of the claimed task is in the journal, so no report can follow. */
    @Test
    void lostTask_isNotAwaited_afterATakeover() {
        AtomicInteger told = new AtomicInteger();
        SagaDefinition<String> order = order().step(WorkerStep.<String>of("pack", "warehouse", context -> {
                    if (told.incrementAndGet() == 2) {
                        lose();
                    }
                    return "pack";
                })
                .idempotent()
                .retry(TWICE));
        FutureTask<SagaOutcome> first = new FutureTask<>(() -> run(order));
        new Thread(first, "coordinates").start();
        taken();
        store.agent("operator").revoke(Key.text("fencepost:task:order-1/pack"));
        assertThatThrownBy(first::get).hasCauseInstanceOf(FencedException.class);
        agent.sagas().start(order, "order-1", "x");
        taken().done("box 7");
        assertThat(ended().completed()).isTrue();
        assertThat(kinds("order-1"))
                .containsExactly(
                        JournalEntry.Type.BEGUN,
                        JournalEntry.Type.STARTED,
                        JournalEntry.Type.UNKNOWN,
                        JournalEntry.Type.STARTED,
                        JournalEntry.Type.DONE,
                        JournalEntry.Type.COMPLETED);
    }

    @Test
    void refusedStepPastThePivot_isRetriedByAnOperator() {
        ExternalStep<String, String> mail = ExternalStep.of("mail", context -> {
            if (context.attempt() == 1) {
                throw StepFailedException.permanent("no address");
            }
            return "sent";
        });
        SagaDefinition<String> order = order().pivot(effect("charge")).step(mail);
        assertThat(run(order).state()).isEqualTo(SagaState.STUCK);
        agent.sagas().retry("order-1", "it has one now");
        assertThat(run(order).output(mail)).contains("sent");
    }

    @Test
    void stepOfAChangedKind_isStuck() {
        SagaDefinition<String> order = order().step(ExternalStep.of("pack", context -> {
            lose();
            return "";
        }));
        assertThatThrownBy(() -> run(order)).isInstanceOf(FencedException.class);
        SagaOutcome outcome = run(order().step(pack()));
        assertThat(outcome.state()).isEqualTo(SagaState.STUCK);
        assertThat(outcome.reason().orElseThrow()).contains("'pack' as a worker step");
    }

    /** The lease expires in the middle of a step, although the claim was never released. */
    @Test
    void coordinatorWithExpiredLease_isTakenOver() {
        List<SagaOutcome> carriedOn = new ArrayList<>();
        List<SagaDefinition<?>> definitions = new ArrayList<>();
        SagaDefinition<String> order = order().lease(Lease.withoutHeartbeats(Duration.ofMinutes(10)))
                .step(ExternalStep.<String>of("charge", context -> {
                            if (context.attempt() == 1) {
                                clock.advance(Duration.ofMinutes(11));
                                carriedOn.addAll(store.agent("heir").sagas().recover(definitions));
                            }
                            return "paid by attempt " + context.attempt();
                        })
                        .idempotent()
                        .retry(TWICE));
        definitions.add(order);
        assertThatThrownBy(() -> run(order)).isInstanceOf(FencedException.class);
        assertThat(carriedOn)
                .singleElement()
                .satisfies(outcome -> assertThat(outcome.outputs()).containsEntry("charge", "paid by attempt 2"));
    }

    @Test
    void interruptBetweenAttempts_leavesTheSagaUnchanged() {
        ExternalStep<String, String> busy = ExternalStep.<String>of("busy", context -> {
                    Thread.currentThread().interrupt();
                    throw StepFailedException.retryable("busy");
                })
                .retry(SLOWLY);
        leftWhenInterrupted("tried", order().step(busy), JournalEntry.Type.FAILED);
        ExternalStep<String, String> asked = failing("asked", new IOException("reset"))
                .retry(SLOWLY)
                .withProbe(context -> {
                    effects.add("probe");
                    Thread.currentThread().interrupt();
                    return new ProbeResult.Unknown<>("closed");
                });
        leftWhenInterrupted("asked", order().step(asked), JournalEntry.Type.UNKNOWN);
        assertThat(effects).containsExactly("asked", "probe");
        ExternalStep<String, String> undone = effect("undone")
                .compensatedBy((context, input, output) -> {
                    Thread.currentThread().interrupt();
                    throw new IOException("closed");
                })
                .compensationRetry(SLOWLY);
        leftWhenInterrupted(
                "undone",
                order().step(undone).step(failing("ship", StepFailedException.permanent("no"))),
                JournalEntry.Type.UNDO_FAILED);
    }

    private void leftWhenInterrupted(String id, SagaDefinition<String> order, JournalEntry.Type last) {
        assertThatThrownBy(() -> agent.sagas().run(order, id, "x")).isInstanceOf(WaitInterruptedException.class);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(kinds(id)).endsWith(last).containsOnlyOnce(last);
    }

    /** The last attempt is journaled at once. An interrupt, which would end a wait, does not prevent that. */
    @Test
    void lastAttempt_isJournaled_withoutAWait() {
        ExternalStep<String, String> asked = failing("asked", new IOException("reset"))
                .retry(SLOWLY.maxAttempts(1))
                .withProbe(context -> {
                    Thread.currentThread().interrupt();
                    return new ProbeResult.Unknown<>("closed");
                });
        stuckThoughInterrupted("asked", order().step(asked));
        ExternalStep<String, String> undone = effect("undone")
                .compensatedBy((context, input, output) -> {
                    Thread.currentThread().interrupt();
                    throw new IOException("closed");
                })
                .compensationRetry(SLOWLY.maxAttempts(1));
        stuckThoughInterrupted(
                "undone", order().step(undone).step(failing("ship", StepFailedException.permanent("no"))));
    }

    private void stuckThoughInterrupted(String id, SagaDefinition<String> order) {
        assertThat(agent.sagas().run(order, id, "x").state()).isEqualTo(SagaState.STUCK);
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void joiningRun_waitsLongerThanTheMaximumWait() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        List<FutureTask<SagaOutcome>> joined = new ArrayList<>();
        List<SagaDefinition<String>> definitions = new ArrayList<>();
        try (Store hasty = Store.open(config().withMaxWait(Duration.ofMillis(1)))) {
            definitions.add(order().claiming(input -> {
                        asked.incrementAndGet();
                        return List.of();
                    })
                    .step(ExternalStep.of("charge", context -> {
                        FutureTask<SagaOutcome> second = new FutureTask<>(
                                () -> hasty.agent("second").sagas().run(definitions.get(0), "order-1", "x"));
                        joined.add(second);
                        new Thread(second, "joins").start();
                        // The first has asked for the saga once, and the second asks again.
                        while (asked.get() < 3 && !second.isDone()) {
                            Thread.onSpinWait();
                        }
                        return "paid";
                    })));
            SagaOutcome first = run(definitions.get(0));
            assertThat(joined.get(0).get()).isEqualTo(first);
        }
    }

    @Test
    void sagaForgottenBeforeItsClaim_isRefused() {
        assertThatThrownBy(() -> run(goneMeanwhile(other -> {})))
                .isInstanceOf(SagaStateException.class)
                .hasMessageContaining("No saga 'order-1'");
        assertThat(store.claims()).isEmpty();
    }

    @Test
    void forgottenSaga_withItsNameClaimed_isRefused() {
        List<Claim> held = new ArrayList<>();
        SagaDefinition<String> order = goneMeanwhile(
                other -> held.add(ReservedClaims.request(store, other.name(), "fencepost:saga:order-1", LEASE)
                        .orThrow()));
        try (Store hasty = Store.open(config().withMaxWait(Duration.ofMillis(1)))) {
            assertThatThrownBy(() -> hasty.agent("planner").sagas().run(order, "order-1", "x"))
                    .isInstanceOf(SagaStateException.class)
                    .hasMessageContaining("No saga 'order-1'");
        }
        assertThat(held).hasSize(1);
    }

    /**
     * Returns a definition whose saga disappears between its start and its first claim. Another agent runs it to its
     * end, forgets it, and then does what {@code more} says.
     */
    private SagaDefinition<String> goneMeanwhile(Consumer<Agent> more) {
        AtomicBoolean gone = new AtomicBoolean();
        return order().claiming(input -> {
            if (gone.compareAndSet(false, true)) {
                Agent other = store.agent("other");
                other.sagas().run(order(), "order-1", "x");
                clock.advance(Duration.ofSeconds(1));
                assertThat(other.sagas().forget(Duration.ZERO)).isEqualTo(1);
                more.accept(other);
            }
            return List.of();
        });
    }

    @Test
    void concurrentStarts_beginOneSaga() throws Exception {
        CyclicBarrier together = new CyclicBarrier(3);
        for (int i = 0; i < 20; i++) {
            String id = "order-" + i;
            List<FutureTask<SagaOutcome>> runs = new ArrayList<>();
            for (int j = 0; j < 3; j++) {
                FutureTask<SagaOutcome> one = new FutureTask<>(() -> {
                    together.await(30, TimeUnit.SECONDS);
                    return agent.sagas().run(order(), id, "x");
                });
                new Thread(one, "runs").start();
                runs.add(one);
            }
            for (FutureTask<SagaOutcome> one : runs) {
                assertThat(one.get().completed()).isTrue();
            }
            assertThat(kinds(id)).containsExactly(JournalEntry.Type.BEGUN, JournalEntry.Type.COMPLETED);
        }
    }
}
