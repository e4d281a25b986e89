package dev.fencepost.sagas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fencepost.FencedException;
import dev.fencepost.Key;
import dev.fencepost.RetryPolicy;
import dev.fencepost.saga.ExternalStep;
import dev.fencepost.saga.ExternalStep.ProbeResult;
import dev.fencepost.saga.JournalEntry;
import dev.fencepost.saga.SagaDefinition;
import dev.fencepost.saga.SagaOutcome;
import dev.fencepost.saga.SagaState;
import dev.fencepost.saga.SagaStateException;
import dev.fencepost.saga.StepContext;
import dev.fencepost.saga.StepFailedException;
import dev.fencepost.saga.StoreStep;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Unknown outcomes. They stay in doubt over attempts and coordinators until they are resolved, and attempts count until
 * then.
 */
class UnknownOutcomeTest extends SagaFixture {
    private static final RetryPolicy THRICE = TWICE.maxAttempts(3);

    private static final StepFailedException BUSY = StepFailedException.retryable("busy");
    private static final StepFailedException NO = StepFailedException.permanent("no");

    /** Returns a step with these attempts: each throws an exception or returns a text. */
    private ExternalStep<String, String> charge(List<?> attempts) {
        Iterator<?> next = attempts.iterator();
        return ExternalStep.<String>of("charge", context -> {
                    effects.add("charge");
                    Object told = next.next();
                    if (told instanceof Exception failure) {
                        throw failure;
                    } else if (told.equals("lost")) {
                        lose(context);
                    } else if (told.equals("cancelled")) {
                        agent.sagas().cancel(context.saga(), "");
                        throw BUSY;
                    }
                    return told.toString();
                })
                .compensatedBy((context, input, output) -> effects.add("refund " + output.isPresent()))
                .retry(THRICE);
    }

    private void lose(StepContext<String> context) {
        store.agent("operator").revoke(Key.text("fencepost:saga:" + context.saga()));
    }

    private SagaOutcome run(SagaDefinition<String> order) {
        return agent.sagas().run(order, "order-1", "x");
    }

    @Test
    void failureOfTheLastAttempt_leavesEarlierOnesInDoubt() {
        ExternalStep<String, String> charge = charge(List.of(new IOException("reset"), NO));
        SagaOutcome outcome = run(order().step(charge.idempotent()));
        assertThat(outcome.state()).isEqualTo(SagaState.STUCK);
        assertThat(outcome.reason().orElseThrow()).contains("unknown outcome of an earlier attempt");
    }

    @Test
    void failure_afterATakeover_leavesTheEarlierAttemptInDoubt() {
        SagaDefinition<String> order = order().step(charge(List.of("lost", NO)).idempotent());
        assertThatThrownBy(() -> run(order)).isInstanceOf(FencedException.class);
        assertThat(run(order).state()).isEqualTo(SagaState.STUCK);
        agent.sagas().confirm("order-1", "paid");
        assertThat(run(order).outputs()).containsEntry("charge", "paid");
    }

    @Test
    void unknownIdempotentStep_isRepeatedBeforeTheRollback() {
        SagaDefinition<String> order = order().step(charge(List.of(new IOException("reset"), "cancelled", "paid"))
                .idempotent());
        assertThat(run(order).state()).isEqualTo(SagaState.COMPENSATED);
        assertThat(effects).containsExactly("charge", "charge", "charge", "refund true");
        assertThat(kinds("order-1"))
                .endsWith(
                        JournalEntry.Type.DONE,
                        JournalEntry.Type.COMPENSATING,
                        JournalEntry.Type.UNDOING,
                        JournalEntry.Type.UNDONE,
                        JournalEntry.Type.COMPENSATED);
    }

    @Test
    void unknownPivot_isProbedBeforeTheRollback() {
        ExternalStep<String, String> charge = ExternalStep.<String>of("charge", context -> {
                    agent.sagas().cancel(context.saga(), "");
                    lose(context);
                    return "paid";
                })
                .withProbe(context -> new ProbeResult.Executed<>("paid, says the bank"));
        SagaDefinition<String> order = order().step(effect("pack")).pivot(charge);
        assertThatThrownBy(() -> run(order)).isInstanceOf(FencedException.class);
        assertThat(run(order).output(charge)).contains("paid, says the bank");
        assertThat(effects).containsExactly("pack pack");
    }

    @Test
    void unknownStep_besideAFailedOne_isStuck() {
        ExternalStep<String, String> unknown = ExternalStep.of("mail", context -> {
            throw new IOException("reset");
        });
        SagaDefinition<String> order = order().step(reserve()).parallel(failingBeside("charge", NO), unknown);
        assertThat(run(order).state()).isEqualTo(SagaState.STUCK);
        assertThat(stock()).isEqualTo("9");
    }

    @Test
    void attemptsOfLostCoordinators_count() {
        SagaDefinition<String> order =
                order().step(charge(List.of("lost", "lost", "lost")).idempotent());
        for (int attempt = 1; attempt <= 3; attempt++) {
            assertThatThrownBy(() -> run(order)).isInstanceOf(FencedException.class);
        }
        assertThat(run(order).state()).isEqualTo(SagaState.STUCK);
        assertThat(effects).hasSize(3);
    }

    @Test
    void compensationsOfLostCoordinators_count() {
        ExternalStep<String, String> charge = effect("charge").compensatedBy((context, input, output) -> {
            effects.add("refund");
            lose(context);
        });
        SagaDefinition<String> order = order().step(charge).step(failing("ship", NO));
        for (int attempt = 1; attempt <= 2; attempt++) {
            assertThatThrownBy(() -> run(order)).isInstanceOf(FencedException.class);
        }
        assertThat(run(order).state()).isEqualTo(SagaState.STUCK);
        assertThat(effects).containsExactly("charge charge", "ship", "refund", "refund");
    }

    @Test
    void operatorRetry_resetsTheAttempts() {
        SagaDefinition<String> order = order().pivot(effect("pack")).step(failing("mail", BUSY));
        assertThat(run(order).state()).isEqualTo(SagaState.STUCK);
        agent.sagas().retry("order-1", "");
        assertThat(run(order).state()).isEqualTo(SagaState.STUCK);
        assertThat(effects).containsExactly("pack pack", "mail", "mail", "mail", "mail");
    }

    @Test
    void skippedPivot_isNotCompensated_andAllowsARollback() {
        SagaDefinition<String> order = order().step(effect("pack"))
                .pivot(failing("charge", new IOException("reset")))
                .step(failing("ship", NO));
        run(order);
        agent.sagas().skip("order-1", "free of charge");
        assertThat(run(order).state()).isEqualTo(SagaState.COMPENSATED);
        assertThat(effects).containsExactly("pack pack", "charge", "ship", "undo pack true");
    }

    @Test
    void confirm_ofAKnownOutcome_isRefused() {
        SagaDefinition<String> order = order().pivot(effect("pack")).step(failing("mail", NO));
        run(order);
        assertThatThrownBy(() -> agent.sagas().confirm("order-1", "sent"))
                .isInstanceOf(SagaStateException.class)
                .hasMessageContaining("is known");
        assertThat(agent.sagas().find("order-1").orElseThrow().state()).isEqualTo(SagaState.STUCK);
    }

    @Test
    void exceptionOfAStoreStep_isRetryable() {
        StoreStep<String, String> broken = StoreStep.<String>of("book", (tx, context) -> {
                    effects.add("book");
                    tx.put(STOCK, "0");
                    throw new IllegalStateException("no such account");
                })
                .retry(TWICE);
        assertThat(run(order().step(broken)).reason()).contains("book: no such account");
        assertThat(effects).containsExactly("book", "book");
        assertThat(stock()).isEqualTo("10");
    }

    @Test
    void refusedCompensation_isNotRetried() {
        ExternalStep<String, String> charge = effect("charge").compensatedBy((context, input, output) -> {
            effects.add("refund");
            throw NO;
        });
        assertThat(run(order().step(charge).step(failing("ship", NO))).state()).isEqualTo(SagaState.STUCK);
        assertThat(effects).containsExactly("charge charge", "ship", "refund");
    }
}
