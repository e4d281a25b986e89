package dev.fencepost.sagas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fencepost.Claim;
import dev.fencepost.FencedException;
import dev.fencepost.Key;
import dev.fencepost.Lease;
import dev.fencepost.internal.ReservedClaims;
import dev.fencepost.saga.ExternalStep;
import dev.fencepost.saga.JournalEntry;
import dev.fencepost.saga.SagaDefinition;
import dev.fencepost.saga.SagaOutcome;
import dev.fencepost.saga.SagaState;
import dev.fencepost.saga.SagaStateException;
import dev.fencepost.saga.StepFailedException;
import dev.fencepost.saga.StoreStep;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;

/** Concurrent requests to run one saga. One process at a time coordinates it, as long as it makes progress. */
class ConcurrentRunTest extends SagaFixture {
    private static <T> T result(FutureTask<T> task) throws Exception {
        try {
            return task.get();
        } catch (ExecutionException e) {
            throw (Exception) e.getCause();
        }
    }

    /** Starts the task in a thread, and returns when the thread waits or the task is done. */
    private static <T> FutureTask<T> waiting(FutureTask<T> task) {
        Thread thread = new Thread(task, "joins");
        thread.start();
        while (thread.getState() != Thread.State.TIMED_WAITING && !task.isDone()) {
            Thread.onSpinWait();
        }
        return task;
    }

    @Test
    void joiningRun_returnsTheOutcome_withoutRunningSteps() throws Exception {
        for (boolean fails : List.of(false, true)) {
            String id = "order-" + fails;
            List<FutureTask<SagaOutcome>> joined = new ArrayList<>();
            List<SagaDefinition<String>> definitions = new ArrayList<>();
            SagaDefinition<String> order = order().step(ExternalStep.<String>of("charge", context -> {
                effects.add(id);
                joined.add(waiting(
                        new FutureTask<>(() -> store.agent("second").sagas().run(definitions.get(0), id, "x"))));
                if (fails) {
                    throw new IOException("reset");
                }
                return "paid";
            }));
            definitions.add(order);
            SagaOutcome first = agent.sagas().run(order, id, "x");
            assertThat(result(joined.get(0))).isEqualTo(first);
            assertThat(kinds(id).stream()
                            .filter(kind -> kind == JournalEntry.Type.STUCK || kind == JournalEntry.Type.COMPLETED))
                    .hasSize(1);
        }
        assertThat(effects).containsExactly("order-false", "order-true");
    }

    @Test
    void concurrentOperators_oneDecides_otherIsRefused() throws Exception {
        agent.sagas().run(order().step(failing("charge", new IOException("reset"))), "order-1", "x");
        List<FutureTask<String>> operators = new ArrayList<>();
        try (Claim held = ReservedClaims.request(
                        store, agent.name(), "fencepost:saga:order-1", Lease.of(Duration.ofHours(1)))
                .orThrow()) {
            operators.add(waiting(new FutureTask<>(() -> agent.sagas().resolve("order-1", "written off"), "resolved")));
            operators.add(waiting(new FutureTask<>(() -> agent.sagas().retry("order-1", ""), "retried")));
            assertThat(held.keys()).hasSize(1);
        }
        int refused = 0;
        for (FutureTask<String> operator : operators) {
            try {
                assertThat(result(operator)).isNotEmpty();
            } catch (SagaStateException e) {
                refused++;
            }
        }
        assertThat(refused).isEqualTo(1);
    }

    @Test
    void progressingSaga_isNotTakenOver() {
        List<SagaOutcome> takenOver = new ArrayList<>();
        List<SagaDefinition<?>> definitions = new ArrayList<>();
        SagaDefinition<String> order = order().lease(Lease.withoutHeartbeats(Duration.ofMinutes(10)));
        for (int i = 1; i <= 3; i++) {
            order = order.step(ExternalStep.<String>of("step-" + i, context -> {
                clock.advance(Duration.ofMinutes(6));
                takenOver.addAll(store.agent("heir").sagas().recover(definitions));
                return "";
            }));
        }
        definitions.add(order);
        assertThat(agent.sagas().run(order, "order-1", "x").completed()).isTrue();
        assertThat(takenOver).isEmpty();
    }

    @Test
    void recover_withAnotherVersion_skipsTheSaga() {
        agent.sagas().run(order().step(failing("charge", new IOException("reset"))), "order-1", "x");
        agent.sagas().retry("order-1", "");
        SagaDefinition<String> newer =
                SagaDefinition.of("order", 2, order().codec()).step(effect("charge"));
        assertThat(agent.sagas().recover(List.of(newer))).isEmpty();
        assertThat(agent.sagas().recover(List.of(order().step(effect("charge")))))
                .hasSize(1);
    }

    @Test
    void interruptedCoordinator_waitsForParallelSteps() {
        Thread coordinator = Thread.currentThread();
        ExternalStep<String, String> slow = ExternalStep.of("slow", context -> {
            while (coordinator.getState() != Thread.State.WAITING
                    || kinds("order-1").size() < 4) {
                Thread.onSpinWait();
            }
            coordinator.interrupt();
            return "slow";
        });
        SagaOutcome outcome = agent.sagas().run(order().parallel(effect("quick"), slow), "order-1", "x");
        assertThat(Thread.interrupted()).isTrue();
        assertThat(outcome.completed()).isTrue();
    }

    @Test
    void parallelSteps_areCompensatedInReverseCompletionOrder() {
        ExternalStep<String, String> left = effect("left");
        ExternalStep<String, String> last = ExternalStep.<String>of("last", context -> {
                    awaitEntries("order-1", JournalEntry.Type.DONE, 1);
                    return "";
                })
                .compensatedBy((context, input, output) -> effects.add("undo last"));
        SagaDefinition<String> order =
                order().parallel(last, left).step(failing("ship", StepFailedException.permanent("no")));
        agent.sagas().run(order, "order-1", "x");
        assertThat(effects).containsExactly("left left", "ship", "undo last", "undo left true");
    }

    @Test
    void idempotencyKeys_ofCompensationAndReusedName_differ() {
        ExternalStep<String, String> charge = ExternalStep.<String>of("charge", context -> {
                    effects.add(context.idempotencyKey());
                    return "";
                })
                .compensatedBy((context, input, output) -> effects.add(context.idempotencyKey()));
        SagaDefinition<String> order = order().step(charge).step(failing("ship", StepFailedException.permanent("no")));
        for (int i = 0; i < 2; i++) {
            agent.sagas().run(order, "order-1", "x");
            clock.pass(Duration.ofDays(1));
            assertThat(agent.sagas().forget(Duration.ofHours(1))).isEqualTo(1);
        }
        effects.remove("ship");
        effects.remove("ship");
        assertThat(effects).hasSize(4).doesNotHaveDuplicates();
    }

    @Test
    void cancel_afterTheLastCheck_preventsTheStep() {
        ExternalStep<String, String> charge = ExternalStep.<String>of("charge", context -> {
                    effects.add("charge");
                    return "";
                })
                .compensatedBy(
                        context -> {
                            agent.sagas().cancel(context.saga(), "");
                            return "";
                        },
                        (context, input, output) -> {});
        assertThat(agent.sagas().run(order().step(charge), "order-1", "x").state())
                .isEqualTo(SagaState.COMPENSATED);
        StoreStep<String, String> book = StoreStep.of("book", (tx, context) -> {
            tx.put(STOCK, "0");
            store.agent("customer").sagas().cancel(context.saga(), "");
            return "";
        });
        assertThat(agent.sagas().run(order().step(book), "order-2", "x").state())
                .isEqualTo(SagaState.COMPENSATED);
        assertThat(effects).isEmpty();
        assertThat(stock()).isEqualTo("10");
    }

    @Test
    void storeStep_duringTakeover_writesNothing() {
        StoreStep<String, String> book = StoreStep.of("book", (tx, context) -> {
            tx.put(STOCK, "0");
            store.agent("operator").revoke(Key.text("fencepost:saga:order-1"));
            return "";
        });
        assertThatThrownBy(() -> agent.sagas().run(order().step(book), "order-1", "x"))
                .isInstanceOf(FencedException.class);
        assertThat(stock()).isEqualTo("10");
        assertThat(kinds("order-1")).containsExactly(JournalEntry.Type.BEGUN);
    }
}
