package dev.fencepost.sagas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fencepost.FencedException;
import dev.fencepost.Key;
import dev.fencepost.OutsideStep;
import dev.fencepost.SagaDefinition;
import dev.fencepost.SagaEntry.Kind;
import dev.fencepost.SagaOutcome;
import dev.fencepost.SagaState;
import dev.fencepost.SagaStep;
import dev.fencepost.StepFailedException;
import dev.fencepost.StoreStep;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Steps at one time: once the journal says that one of them will not be done, none of the others begins. */
class SideBySideTest extends SagaFixture {
    private static final String SAGA = "order-1";

    /** Is about to begin, and does so only when the other's last entry is there. */
    private OutsideStep<String, String> begunAfter(Kind last) {
        return OutsideStep.<String>of("late", context -> {
                    effects.add("late");
                    return "";
                })
                .undoneBy(
                        context -> {
                            awaitEntries(SAGA, last, 1);
                            return "";
                        },
                        (context, input, output) -> effects.add("undo late"));
    }

    private static OutsideStep<String, String> outside(Exception how) {
        return OutsideStep.<String>of("given up", context -> {
            throw how;
        });
    }

    record GivenUp(Kind last, SagaStep<String, ?> step, SagaState end) {
        @Override
        public String toString() {
            return last + " leads to " + end;
        }
    }

    static Stream<GivenUp> stepsThatAreGivenUp() {
        return Stream.of(
                new GivenUp(Kind.REFUSED, outside(StepFailedException.refused("no")), SagaState.COMPENSATED),
                new GivenUp(
                        Kind.REFUSED,
                        StoreStep.<String>of("given up", (tx, context) -> {
                            throw StepFailedException.refused("no");
                        }),
                        SagaState.COMPENSATED),
                new GivenUp(
                        Kind.FAILED,
                        outside(StepFailedException.tryAgain("busy")).retry(TWICE.attempts(1)),
                        SagaState.COMPENSATED),
                new GivenUp(Kind.UNKNOWN, outside(new IOException("lost")), SagaState.STUCK),
                new GivenUp(
                        Kind.UNKNOWN,
                        outside(new IOException("lost"))
                                .undoneBy((context, input, output) -> {})
                                .undoneIfUnknown(),
                        SagaState.COMPENSATED),
                new GivenUp(
                        Kind.RULED_OUT,
                        outside(new IOException("lost"))
                                .retry(TWICE.attempts(1))
                                .probedBy(context -> new OutsideStep.Found.DidNotHappen<>()),
                        SagaState.COMPENSATED));
    }

    @ParameterizedTest
    @MethodSource("stepsThatAreGivenUp")
    void afterOneIsGivenUp_noneBegins(GivenUp beside) {
        SagaOutcome outcome = agent.sagas().run(order().parallel(beside.step(), begunAfter(beside.last())), SAGA, "x");
        assertThat(outcome.state()).isEqualTo(beside.end());
        assertThat(effects).isEmpty();
    }

    @Test
    void whereOneIsFoundGivenUp_noneBegins() {
        AtomicBoolean lost = new AtomicBoolean();
        CountDownLatch asked = new CountDownLatch(1);
        OutsideStep<String, String> late = OutsideStep.<String>of("late", context -> {
                    effects.add("late");
                    return "";
                })
                .undoneBy(
                        context -> {
                            if (lost.compareAndSet(false, true)) {
                                asked.countDown();
                                awaitEntries(SAGA, Kind.UNKNOWN, 1);
                                store.agent("operator").revoke(Key.text("saga:" + SAGA));
                            }
                            return "";
                        },
                        (context, input, output) -> effects.add("undo late"));
        SagaDefinition<String> order = order().parallel(
                        late,
                        OutsideStep.<String>of("given up", context -> {
                                    asked.await();
                                    throw new IOException("lost");
                                })
                                .undoneBy((context, input, output) -> {})
                                .undoneIfUnknown());
        assertThatThrownBy(() -> agent.sagas().run(order, SAGA, "x")).isInstanceOf(FencedException.class);
        assertThat(agent.sagas().run(order, SAGA, "x").state()).isEqualTo(SagaState.COMPENSATED);
        assertThat(effects).isEmpty();
    }

    @Test
    void afterOneFailed_thatIsTriedAgain_theOthersBegin() {
        OutsideStep<String, String> flaky = OutsideStep.<String>of("flaky", context -> {
                    if (effects.isEmpty()) {
                        throw StepFailedException.tryAgain("wait for the other");
                    }
                    return "";
                })
                .retry(TWICE.attempts(1_000_000));
        SagaOutcome outcome = agent.sagas().run(order().parallel(flaky, begunAfter(Kind.FAILED)), SAGA, "x");
        assertThat(outcome.state()).isEqualTo(SagaState.COMPLETED);
        assertThat(effects).isEqualTo(List.of("late"));
    }
}
