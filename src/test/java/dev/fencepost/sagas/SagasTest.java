package dev.fencepost.sagas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fencepost.Codec;
import dev.fencepost.Key;
import dev.fencepost.saga.ExternalStep;
import dev.fencepost.saga.JournalEntry;
import dev.fencepost.saga.SagaDefinition;
import dev.fencepost.saga.SagaOutcome;
import dev.fencepost.saga.SagaState;
import dev.fencepost.saga.SagaStateException;
import dev.fencepost.saga.StepContext;
import dev.fencepost.saga.StepFailedException;
import dev.fencepost.saga.StoreStep;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Sagas end, completed or compensated in reverse order of completion. */
class SagasTest extends SagaFixture {
    @Test
    void completed_withTheOutputOfEachStep() {
        StoreStep<String, String> reserve = reserve();
        ExternalStep<String, String> charge = effect("charge");
        SagaOutcome outcome = agent.sagas().run(order().step(reserve).step(charge), "order-1", "book");
        assertThat(outcome.state()).isEqualTo(SagaState.COMPLETED);
        assertThat(outcome.output(reserve)).contains("one of 10");
        assertThat(outcome.output(charge)).contains("charge for book");
        assertThat(stock()).isEqualTo("9");
        assertThat(kinds("order-1"))
                .containsExactly(
                        JournalEntry.Type.BEGUN,
                        JournalEntry.Type.DONE,
                        JournalEntry.Type.STARTED,
                        JournalEntry.Type.DONE,
                        JournalEntry.Type.COMPLETED);
        assertThat(store.claims()).isEmpty();
    }

    @Test
    void repeatedRun_joins_andOtherInputOrVersionIsRefused() {
        SagaDefinition<String> order = order().step(reserve()).step(effect("charge"));
        SagaOutcome first = agent.sagas().run(order, "order-1", "book");
        assertThat(agent.sagas().run(order, "order-1", "book")).isEqualTo(first);
        assertThat(effects).hasSize(1);
        assertThatThrownBy(() -> agent.sagas().run(order, "order-1", "pen"))
                .isInstanceOf(SagaStateException.class)
                .hasMessageContaining("another input");
        SagaDefinition<String> newer =
                SagaDefinition.of("order", 2, Codec.text()).step(reserve());
        assertThatThrownBy(() -> agent.sagas().run(newer, "order-1", "book"))
                .isInstanceOf(SagaStateException.class)
                .hasMessageContaining("version 1")
                .hasMessageContaining("version 2");
    }

    @Test
    void compensated_inReverseOrderOfCompletion() {
        SagaDefinition<String> order = order().step(reserve())
                .step(effect("charge"))
                .step(effect("pack"))
                .step(failing("ship", StepFailedException.permanent("no such address")));
        SagaOutcome outcome = agent.sagas().run(order, "order-1", "book");
        assertThat(outcome.state()).isEqualTo(SagaState.COMPENSATED);
        assertThat(outcome.reason()).contains("ship: no such address");
        assertThat(effects).containsExactly("charge charge", "pack pack", "ship", "undo pack true", "undo charge true");
        assertThat(stock()).isEqualTo("10");
        assertThat(kinds("order-1"))
                .endsWith(
                        JournalEntry.Type.REFUSED,
                        JournalEntry.Type.COMPENSATING,
                        JournalEntry.Type.UNDOING,
                        JournalEntry.Type.UNDONE,
                        JournalEntry.Type.UNDOING,
                        JournalEntry.Type.UNDONE,
                        JournalEntry.Type.UNDONE,
                        JournalEntry.Type.COMPENSATED);
    }

    @Test
    void retryableFailure_isRetriedUpToThePolicy() {
        AtomicInteger tries = new AtomicInteger();
        ExternalStep<String, String> flaky = ExternalStep.<String>of("flaky", context -> {
                    if (tries.incrementAndGet() < 2) {
                        throw StepFailedException.retryable("busy");
                    }
                    return "attempt " + context.attempt();
                })
                .retry(TWICE);
        assertThat(agent.sagas().run(order().step(flaky), "order-1", "x").output(flaky))
                .contains("attempt 2");
        SagaDefinition<String> never = order().step(failing("never", StepFailedException.retryable("busy")));
        assertThat(agent.sagas().run(never, "order-2", "x").state()).isEqualTo(SagaState.COMPENSATED);
        assertThat(effects).containsExactly("never", "never");
    }

    @Test
    void cancel_duringAStep_preventsTheNext() {
        ExternalStep<String, String> cancelling = ExternalStep.<String>of("charge", context -> {
                    store.agent("customer").sagas().cancel(context.saga(), "changed my mind");
                    return "paid";
                })
                .compensatedBy((context, input, output) -> effects.add("refund"));
        SagaOutcome outcome = agent.sagas().run(order().step(cancelling).step(effect("pack")), "order-1", "x");
        assertThat(outcome.state()).isEqualTo(SagaState.COMPENSATED);
        assertThat(outcome.reason()).contains("cancelled: changed my mind");
        assertThat(effects).containsExactly("refund");
        assertThatThrownBy(() -> agent.sagas().cancel("order-1", "")).isInstanceOf(SagaStateException.class);
    }

    @Test
    void passedDeadline_rollsBackTheSaga() {
        ExternalStep<String, String> slow = ExternalStep.<String>of("charge", context -> {
                    clock.advance(Duration.ofHours(2));
                    return "paid";
                })
                .compensatedBy((context, input, output) -> effects.add("refund"));
        SagaDefinition<String> order = order().step(slow).step(effect("pack")).timeout(Duration.ofHours(1));
        SagaOutcome outcome = agent.sagas().run(order, "order-1", "x");
        assertThat(outcome.state()).isEqualTo(SagaState.COMPENSATED);
        assertThat(outcome.reason()).contains("its deadline has passed");
        assertThat(effects).containsExactly("refund");
    }

    @Test
    void parallelSteps_runTogether_andCompensateInReverseOrder() {
        CyclicBarrier together = new CyclicBarrier(2);
        ExternalStep<String, String> left = meeting("left", together);
        ExternalStep<String, String> right = meeting("right", together);
        SagaDefinition<String> order =
                order().parallel(left, right).step(failing("ship", StepFailedException.permanent("no")));
        assertThat(agent.sagas().run(order, "order-1", "x").state()).isEqualTo(SagaState.COMPENSATED);
        List<String> done = agent.sagas().find("order-1").orElseThrow().journal().stream()
                .filter(entry -> entry.type() == JournalEntry.Type.DONE)
                .map(entry -> entry.step().orElseThrow())
                .toList();
        assertThat(effects.subList(1, 3)).containsExactly("undo " + done.get(1), "undo " + done.get(0));
    }

    private ExternalStep<String, String> meeting(String name, CyclicBarrier together) {
        return ExternalStep.<String>of(name, context -> {
                    together.await(30, TimeUnit.SECONDS);
                    return name;
                })
                .compensatedBy((context, input, output) -> effects.add("undo " + name));
    }

    @Test
    void refusedStoreStep_writesNothing_andStepsShareTheirClaims() {
        agent.put(STOCK, "0").orThrow();
        Key<String> held = Key.text("order-1/cart");
        SagaDefinition<String> order = order().step(effect("look"))
                .step(StoreStep.<String>of("mark", (tx, context) -> {
                    tx.put(held, context.saga());
                    assertThat(store.claims())
                            .extracting(claim -> claim.key())
                            .contains(held.name(), "fencepost:saga:order-1");
                    return "";
                }))
                .step(reserve())
                .claiming(input -> List.of(held));
        SagaOutcome outcome = agent.sagas().run(order, "order-1", "x");
        assertThat(outcome.reason()).contains("reserve: sold out");
        assertThat(stock()).isEqualTo("0");
        assertThat(store.claims()).isEmpty();
    }

    @Test
    void endedSagas_areForgotten_andTheirNamesUsedAnew() {
        SagaDefinition<String> order = order().step(effect("charge"));
        agent.sagas().run(order, "order-1", "x");
        assertThat(agent.sagas().forget(Duration.ofDays(1))).isZero();
        clock.pass(Duration.ofDays(2));
        agent.sagas().start(order().step(failing("a", new IOException("b"))), "order-2", "x");
        assertThat(agent.sagas().await("order-2", Duration.ofSeconds(30))).isPresent();
        assertThat(agent.sagas().forget(Duration.ofDays(1))).isEqualTo(1);
        assertThat(agent.sagas().find("order-1")).isEmpty();
        assertThat(agent.sagas().list(true)).extracting(saga -> saga.id()).containsExactly("order-2");
        agent.sagas().run(order, "order-1", "y");
        assertThat(effects).hasSize(3);
    }

    /** Its idempotency key differs from that of a forgotten saga of the same name. */
    @Test
    void context_describesTheSaga() {
        List<StepContext<String>> seen = new ArrayList<>();
        ExternalStep<String, String> first = ExternalStep.of("first", context -> "1");
        ExternalStep<String, String> second = ExternalStep.of("second", context -> {
            seen.add(context);
            return context.output(first) + "2";
        });
        assertThat(agent.sagas()
                        .run(order().step(first).step(second), "order-1", "in")
                        .output(second))
                .contains("12");
        StepContext<String> context = seen.get(0);
        assertThat(context.saga()).isEqualTo("order-1");
        assertThat(context.step()).isEqualTo("second");
        assertThat(context.input()).isEqualTo("in");
        assertThat(context.attempt()).isEqualTo(1);
        assertThat(context.epoch()).isEqualTo(1);
        assertThat(context.idempotencyKey()).startsWith("order-1/second/");
    }
}
