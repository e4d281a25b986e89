package dev.fencepost.sagas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fencepost.Claim;
import dev.fencepost.FencedException;
import dev.fencepost.InvalidInputException;
import dev.fencepost.Key;
import dev.fencepost.RetryPolicy;
import dev.fencepost.Store;
import dev.fencepost.StoreClosedException;
import dev.fencepost.saga.ExternalStep;
import dev.fencepost.saga.JournalEntry;
import dev.fencepost.saga.SagaDefinition;
import dev.fencepost.saga.SagaOutcome;
import dev.fencepost.saga.SagaState;
import dev.fencepost.saga.StepFailedException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;

/** Waits of sagas. They end on a cancel, at the deadline, after a takeover, and when the store closes. */
class SagaTimeoutsTest extends OneOrderFixture {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** The pause is random: in all but one of 5,000 runs it is longer than any test. */
    private static final RetryPolicy LONG_PAUSE =
            new RetryPolicy(2, Duration.ofDays(3), Duration.ofDays(3), Duration.ofDays(30));

    private SagaDefinition<String> pausing() {
        return order().timeout(Duration.ofHours(1))
                .step(failing("charge", StepFailedException.retryable("busy")).retry(LONG_PAUSE));
    }

    private FutureTask<SagaOutcome> pausedIn(Store where) {
        FutureTask<SagaOutcome> run =
                new FutureTask<>(() -> where.agent("planner").sagas().run(pausing(), "order-1", "x"));
        Thread thread = new Thread(run, "coordinates");
        thread.setDaemon(true);
        thread.start();
        while (agent.sagas().find("order-1").isEmpty()) {
            Thread.onSpinWait();
        }
        awaitEntries("order-1", JournalEntry.Type.FAILED, 1);
        return run;
    }

    @Test
    void cancel_endsThePauseBetweenAttempts() throws Exception {
        FutureTask<SagaOutcome> run = pausedIn(store);
        try (Store elsewhere = Store.open(config())) {
            elsewhere.agent("customer").sagas().cancel("order-1", "too slow");
        }
        assertThat(run.get().state()).isEqualTo(SagaState.COMPENSATED);
        assertThat(effects).containsExactly("charge");
    }

    @Test
    void deadline_endsThePauseBetweenAttempts() throws Exception {
        FutureTask<SagaOutcome> run = pausedIn(store);
        clock.advance(Duration.ofHours(2));
        assertThat(run.get().reason()).contains("its deadline has passed");
    }

    @Test
    void takeover_endsThePauseBetweenAttempts() {
        FutureTask<SagaOutcome> run = pausedIn(store);
        store.agent("operator").revoke(Key.text("fencepost:saga:order-1"));
        assertThatThrownBy(run::get).hasCauseInstanceOf(FencedException.class);
    }

    @Test
    void cancelOrDeadline_endsTheWaitForClaimedKeys() {
        Key<String> cart = Key.text("cart");
        try (Claim held = store.agent("other").claim(List.of(cart), LEASE, LONG).orThrow()) {
            SagaDefinition<String> order = order().timeout(Duration.ofHours(1))
                    .claiming(input -> List.of(cart))
                    .step(effect("charge"));
            agent.sagas().start(order, "order-1", "x");
            agent.sagas().start(order, "order-2", "x");
            agent.sagas().cancel("order-1", "");
            assertThat(agent.sagas().await("order-1", PATIENCE))
                    .map(SagaOutcome::state)
                    .contains(SagaState.COMPENSATED);
            held.renew();
            clock.advance(Duration.ofHours(1));
            held.renew();
            assertThat(agent.sagas().await("order-2", PATIENCE))
                    .map(SagaOutcome::state)
                    .contains(SagaState.COMPENSATED);
        }
        assertThat(effects).isEmpty();
    }

    @Test
    void close_waitsForTheRunningStep_andStartsNoOther() throws Exception {
        Store closing = Store.open(config());
        Thread closer = new Thread(() -> closing.close(PATIENCE), "closes");
        SagaDefinition<String> order = order().step(ExternalStep.<String>of("charge", context -> {
                    if (closer.getState() == Thread.State.NEW) {
                        closer.start();
                        while (closer.getState() != Thread.State.TIMED_WAITING) {
                            Thread.onSpinWait();
                        }
                    }
                    effects.add("charge");
                    return "paid";
                }))
                .step(effect("pack"));
        closing.agent("planner").sagas().start(order, "order-1", "x");
        assertThat(agent.sagas().await("order-1", Duration.ZERO)).isEmpty();
        while (closer.getState() == Thread.State.NEW) {
            Thread.onSpinWait();
        }
        closer.join();
        assertThat(effects).containsExactly("charge");
        assertThat(kinds("order-1"))
                .containsExactly(JournalEntry.Type.BEGUN, JournalEntry.Type.STARTED, JournalEntry.Type.DONE);
        assertThat(agent.sagas().recover(List.of(order))).hasSize(1);
        assertThat(effects).containsExactly("charge", "pack pack");
    }

    @Test
    void close_endsPauses() throws Exception {
        Store closing = Store.open(config());
        FutureTask<SagaOutcome> run = pausedIn(closing);
        closing.close(PATIENCE);
        assertThatThrownBy(run::get).hasCauseInstanceOf(StoreClosedException.class);
        assertThatThrownBy(() -> store.close(Duration.ofSeconds(-1))).isInstanceOf(InvalidInputException.class);
    }
}
