package dev.fencepost.sagas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fencepost.RetryPolicy;
import dev.fencepost.saga.ExternalStep;
import dev.fencepost.saga.ExternalStep.ProbeResult;
import dev.fencepost.saga.SagaDefinition;
import dev.fencepost.saga.SagaOutcome;
import dev.fencepost.saga.SagaState;
import dev.fencepost.saga.SagaStateException;
import dev.fencepost.saga.StepFailedException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Stuck sagas. An unknown outcome or a failed compensation needs an operator, unless the step says how to proceed. */
class StuckSagaTest extends SagaFixture {
    @Test
    void unknownOutcome_isStuck_neitherRepeatedNorCompensated() {
        SagaDefinition<String> order =
                order().step(reserve()).step(failing("charge", new IOException("connection reset")));
        SagaOutcome outcome = agent.sagas().run(order, "order-1", "book");
        assertThat(outcome.state()).isEqualTo(SagaState.STUCK);
        assertThat(outcome.reason().orElseThrow())
                .contains("charge")
                .contains("unknown outcome of attempt 1")
                .contains("connection reset");
        assertThat(effects).containsExactly("charge");
        assertThat(stock()).isEqualTo("9");
        // No process continues it by itself.
        assertThat(agent.sagas().recover(List.of(order))).isEmpty();
        assertThat(agent.sagas().run(order, "order-1", "book").state()).isEqualTo(SagaState.STUCK);
    }

    @Test
    void stuckSaga_isRetriedSkippedOrResolvedByAnOperator() {
        AtomicInteger calls = new AtomicInteger();
        ExternalStep<String, String> charge = ExternalStep.<String>of("charge", context -> {
            if (calls.incrementAndGet() == 1) {
                throw new IOException("reset");
            }
            return "paid";
        });
        SagaDefinition<String> order = order().step(charge).step(effect("pack"));
        agent.sagas().run(order, "order-1", "x");
        agent.sagas().retry("order-1", "the bank says no");
        assertThat(agent.sagas().recover(List.of(order)))
                .singleElement()
                .satisfies(outcome -> assertThat(outcome.completed()).isTrue());
        calls.set(0);
        agent.sagas().run(order, "order-2", "x");
        agent.sagas().skip("order-2", "paid in cash");
        assertThat(agent.sagas().run(order, "order-2", "x").output(charge)).contains("paid in cash");
        calls.set(0);
        agent.sagas().run(order, "order-3", "x");
        agent.sagas().resolve("order-3", "written off");
        assertThat(agent.sagas().run(order, "order-3", "x")).satisfies(outcome -> {
            assertThat(outcome.state()).isEqualTo(SagaState.RESOLVED);
            assertThat(outcome.reason()).contains("written off");
        });
        assertThatThrownBy(() -> agent.sagas().retry("order-3", "")).isInstanceOf(SagaStateException.class);
    }

    @Test
    void unknownOutcome_isResolvedByTheProbe() {
        for (String answer : List.of("happened", "did not happen", "cannot tell")) {
            ExternalStep<String, String> charge = failing("charge", new IOException("reset"))
                    .retry(RetryPolicy.never())
                    .withProbe(context -> switch (answer) {
                        case "happened" -> new ProbeResult.Executed<>("receipt");
                        case "did not happen" -> new ProbeResult.NotExecuted<>();
                        default -> new ProbeResult.Unknown<>("the bank is closed");
                    });
            SagaOutcome outcome = agent.sagas().run(order().step(charge), answer, "x");
            assertThat(outcome.state())
                    .isEqualTo(
                            switch (answer) {
                                case "happened" -> SagaState.COMPLETED;
                                case "did not happen" -> SagaState.COMPENSATED;
                                default -> SagaState.STUCK;
                            });
        }
        assertThat(effects).containsExactly("charge", "charge", "charge");
    }

    @Test
    void unknownIdempotentStep_isRepeated_thenCompensatedIfAllowed() {
        List<String> keys = new ArrayList<>();
        ExternalStep<String, String> charge = ExternalStep.<String>of("charge", context -> {
                    keys.add(context.idempotencyKey());
                    throw new IOException("reset");
                })
                .compensatedBy((context, input, output) -> effects.add("undo " + output.isPresent()))
                .idempotent()
                .retry(TWICE);
        assertThat(agent.sagas().run(order().step(charge), "order-1", "x").state())
                .isEqualTo(SagaState.STUCK);
        assertThat(keys).hasSize(2).containsOnly(keys.get(0));
        SagaDefinition<String> undone = order().step(charge.compensateIfUnknown());
        assertThat(agent.sagas().run(undone, "order-2", "x").state()).isEqualTo(SagaState.COMPENSATED);
        assertThat(effects).containsExactly("undo false");
    }

    @Test
    void sagaPastThePivot_isNotRolledBack() {
        SagaDefinition<String> order = order().step(effect("pack"))
                .pivot(effect("charge"))
                .step(failing("mail", StepFailedException.permanent("no address")));
        SagaOutcome outcome = agent.sagas().run(order, "order-1", "x");
        assertThat(outcome.state()).isEqualTo(SagaState.STUCK);
        agent.sagas().cancel("order-1", "too late");
        agent.sagas().skip("order-1", "by phone");
        assertThat(agent.sagas().run(order, "order-1", "x").state()).isEqualTo(SagaState.COMPLETED);
        assertThat(effects).containsExactly("pack pack", "charge charge", "mail");
    }

    @Test
    void failedCompensation_isStuck_andCanBeSkipped() {
        ExternalStep<String, String> charge = effect("charge")
                .compensatedBy((context, input, output) -> {
                    effects.add("refund");
                    throw new IOException("bank closed");
                })
                .compensationRetry(TWICE);
        SagaDefinition<String> order =
                order().step(reserve()).step(charge).step(failing("ship", StepFailedException.permanent("no")));
        SagaOutcome outcome = agent.sagas().run(order, "order-1", "x");
        assertThat(outcome.state()).isEqualTo(SagaState.STUCK);
        assertThat(outcome.reason().orElseThrow()).contains("bank closed");
        assertThat(effects).containsExactly("charge charge", "ship", "refund", "refund");
        assertThat(stock()).isEqualTo("9");
        agent.sagas().skip("order-1", "refunded by hand");
        assertThat(agent.sagas().run(order, "order-1", "x").state()).isEqualTo(SagaState.COMPENSATED);
        assertThat(stock()).isEqualTo("10");
    }
}
