package dev.fencepost.sagas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fencepost.Codec;
import dev.fencepost.FencedException;
import dev.fencepost.InvalidInputException;
import dev.fencepost.Key;
import dev.fencepost.RetryPolicy;
import dev.fencepost.Store;
import dev.fencepost.saga.ExternalStep;
import dev.fencepost.saga.JournalEntry;
import dev.fencepost.saga.ManualSaga;
import dev.fencepost.saga.SagaDefinition;
import dev.fencepost.saga.SagaOutcome;
import dev.fencepost.saga.SagaState;
import dev.fencepost.saga.Sagas;
import dev.fencepost.saga.StepContext;
import dev.fencepost.saga.StepFailedException;
import dev.fencepost.saga.StepTask;
import dev.fencepost.saga.StoreStep;
import dev.fencepost.saga.WorkerStep;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/**
 * Step functions that throw errors, end their process, or return values that cannot be stored. Their attempts are
 * bounded.
 */
class FailingStepsTest extends OneOrderFixture {
    private static final RetryPolicy THRICE = TWICE.maxAttempts(3);
    private static final int LIMIT = 100;

    private final AtomicInteger runs = new AtomicInteger();

    private StoreStep<String, String> inStore(Function<StepContext<String>, String> does) {
        return StoreStep.<String>of("book", (tx, context) -> {
                    runs.incrementAndGet();
                    tx.put(STOCK, "0");
                    return does.apply(context);
                })
                .retry(THRICE);
    }

    @SuppressWarnings("unchecked")
    private static <X extends Throwable> RuntimeException sneaky(Throwable e) throws X {
        throw (X) e;
    }

    private void lose() {
        store.agent("operator").revoke(Key.text("fencepost:saga:order-1"));
    }

    private void stuck(SagaDefinition<String> order, String... words) {
        SagaOutcome outcome = run(order);
        assertThat(outcome.state()).isEqualTo(SagaState.STUCK);
        assertThat(outcome.reason().orElseThrow()).contains(words);
    }

    @Test
    void storeStep_throwingAnError_isStuckAfterItsAttempts() {
        SagaDefinition<String> order = order().step(inStore(context -> {
            throw new StackOverflowError("deep");
        }));
        stuck(order, "book: attempt 3", "StackOverflowError: deep");
        assertThat(agent.sagas().recover(List.of(order))).isEmpty();
        assertThat(runs).hasValue(3);
        assertThat(stock()).isEqualTo("10");
        agent.sagas().skip("order-1", "by hand");
        assertThat(run(order).completed()).isTrue();
    }

    @Test
    void storeStep_endingItsProcess_isStuckAfterOneMoreAttempt() {
        SagaDefinition<String> order = order().step(inStore(context -> {
            lose();
            return "";
        }));
        for (int i = 0; i < 4; i++) {
            assertThatThrownBy(() -> run(order)).isInstanceOf(FencedException.class);
        }
        stuck(order, "book: attempt 3", "its process ended");
        assertThat(runs).hasValue(4);
        assertThat(kinds("order-1"))
                .containsExactly(
                        JournalEntry.Type.BEGUN,
                        JournalEntry.Type.STARTED,
                        JournalEntry.Type.STARTED,
                        JournalEntry.Type.STARTED,
                        JournalEntry.Type.STUCK);
        agent.sagas().cancel("order-1", "");
        agent.sagas().retry("order-1", "");
        assertThat(run(order).state()).isEqualTo(SagaState.COMPENSATED);
    }

    @Test
    void failingStoreCompensation_isStuckAfterItsAttempts() {
        for (boolean dies : List.of(false, true)) {
            runs.set(0);
            String id = dies ? "order-1" : "order-2";
            SagaDefinition<String> order = order().step(reserve()
                            .compensatedBy((tx, context, output) -> {
                                runs.incrementAndGet();
                                if (!dies) {
                                    throw new NoClassDefFoundError("Refund");
                                }
                                lose();
                            })
                            .compensationRetry(THRICE))
                    .step(failing("ship", StepFailedException.permanent("no")));
            for (int i = 0; i < (dies ? 4 : 0); i++) {
                assertThatThrownBy(() -> agent.sagas().run(order, id, "x")).isInstanceOf(FencedException.class);
            }
            SagaOutcome outcome = agent.sagas().run(order, id, "x");
            assertThat(outcome.state()).isEqualTo(SagaState.STUCK);
            assertThat(outcome.reason().orElseThrow()).contains(dies ? "ended before" : "NoClassDefFoundError: Refund");
            assertThat(runs).hasValue(dies ? 4 : 3);
        }
    }

    @Test
    void undeclaredCheckedException_isAFailedAttempt() {
        SagaDefinition<String> order = order().step(inStore(context -> {
            throw FailingStepsTest.<RuntimeException>sneaky(new IOException("reset"));
        }));
        assertThat(run(order).state()).isEqualTo(SagaState.COMPENSATED);
        assertThat(runs).hasValue(3);
    }

    @Test
    @SuppressWarnings("NullAway")
    void nullOutput_isNamed() {
        stuck(order().step(inStore(context -> null)), "The output of the step 'book' is null");
        SagaDefinition<String> outside = order().step(ExternalStep.<String>of("charge", context -> null));
        SagaOutcome outcome = agent.sagas().run(outside, "order-2", "x");
        assertThat(outcome.reason().orElseThrow()).contains("The output of the step 'charge' is null");
    }

    @Test
    void errorOfAProbe_isNoAnswer() {
        SagaDefinition<String> order = order().step(
                        failing("charge", new IOException("reset")).withProbe(context -> {
                            throw new StackOverflowError("deep");
                        }));
        stuck(order, "StackOverflowError: deep");
    }

    @Test
    void failingDefinitionFunction_makesTheSagaStuck() {
        AtomicInteger asked = new AtomicInteger();
        SagaDefinition<String> order = order().claiming(input -> {
            if (asked.incrementAndGet() == 1) {
                throw new IllegalStateException("no cart");
            }
            return List.of();
        });
        stuck(order, "no cart");
        agent.sagas().retry("order-1", "");
        assertThat(run(order).completed()).isTrue();
        Codec<String> unreadable = new Codec<>() {
            @Override
            public String encode(String value) {
                return value;
            }

            @Override
            public String decode(String text) {
                throw new StackOverflowError("deep");
            }
        };
        SagaOutcome outcome = agent.sagas().run(SagaDefinition.of("odd", 1, unreadable), "order-2", "x");
        assertThat(outcome.state()).isEqualTo(SagaState.STUCK);
        assertThat(outcome.reason().orElseThrow()).contains("StackOverflowError");
    }

    @Test
    void outputOverTheLimit_isStuckNamingIt() {
        String tooLong = "x".repeat(LIMIT + 1);
        try (Store strict = Store.open(config().withMaxValueBytes(LIMIT))) {
            Sagas sagas = strict.agent("planner").sagas();
            List<SagaDefinition<String>> orders = List.of(
                    order().step(inStore(context -> tooLong)),
                    order().step(ExternalStep.<String>of("charge", context -> tooLong)),
                    order().step(effect("charge").compensatedBy(context -> tooLong, (context, input, output) -> {})),
                    order().step(WorkerStep.of("pack", "warehouse", context -> tooLong)));
            for (SagaDefinition<String> order : orders) {
                SagaOutcome outcome = sagas.run(order, "order-" + orders.indexOf(order), "x");
                assertThat(outcome.state()).isEqualTo(SagaState.STUCK);
                assertThat(outcome.reason().orElseThrow()).contains("101 bytes").contains("at most 100");
            }
            assertThat(effects).isEmpty();
        }
    }

    @Test
    void reportOrNoteOverTheLimit_isRefused() {
        String tooLong = "x".repeat(LIMIT + 1);
        try (Store strict = Store.open(config().withMaxValueBytes(LIMIT))) {
            Sagas sagas = strict.agent("planner").sagas();
            sagas.start(order().step(WorkerStep.of("pack", "warehouse", context -> "")), "order-1", "x");
            StepTask work = sagas.claimTask("warehouse", LEASE, LONG).orElseThrow();
            ManualSaga asked = sagas.startManual("order-2", List.of("ask"), LEASE);
            for (Runnable call : List.<Runnable>of(
                    () -> work.done(tooLong),
                    () -> work.failed(tooLong),
                    () -> work.refused(tooLong),
                    () -> sagas.cancel("order-1", tooLong),
                    () -> sagas.resolve("order-1", tooLong),
                    () -> sagas.skip("order-1", tooLong),
                    () -> asked.done("ask", tooLong),
                    () -> asked.failed("ask", tooLong),
                    () -> asked.refused("ask", tooLong))) {
                assertThatThrownBy(call::run)
                        .isInstanceOf(InvalidInputException.class)
                        .hasMessageContaining("101 bytes");
            }
            work.done("box 7");
            assertThat(sagas.await("order-1", LONG)).map(SagaOutcome::completed).isEqualTo(Optional.of(true));
        }
    }
}
