package dev.fencepost.sagas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fencepost.Codec;
import dev.fencepost.FencedException;
import dev.fencepost.Key;
import dev.fencepost.Lease;
import dev.fencepost.StorageException;
import dev.fencepost.saga.ExternalStep;
import dev.fencepost.saga.JournalEntry;
import dev.fencepost.saga.SagaDefinition;
import dev.fencepost.saga.SagaOutcome;
import dev.fencepost.saga.SagaState;
import dev.fencepost.saga.SagaStateException;
import dev.fencepost.saga.StoreStep;
import dev.fencepost.saga.WorkerStep;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;

/** Sagas without a coordinator or with a changed definition. They end, or are stuck with the reason. */
class AbandonedSagasTest extends OneOrderFixture {
    private final Set<String> lost = ConcurrentHashMap.newKeySet();

    /** Returns a step that loses its saga in its first attempt. */
    private StoreStep<String, String> losing() {
        return StoreStep.of("lose", (tx, context) -> {
            if (lost.add(context.saga())) {
                store.agent("operator").revoke(Key.text("fencepost:saga:" + context.saga()));
            }
            return "";
        });
    }

    private void leave(SagaDefinition<String> order) {
        assertThatThrownBy(() -> run(order)).isInstanceOf(FencedException.class);
    }

    private SagaState state() {
        return agent.sagas().find("order-1").orElseThrow().state();
    }

    @Test
    void overdueOrphan_ofAnUnknownDefinition_isStuck() {
        SagaDefinition<String> order =
                order().timeout(Duration.ofMinutes(1)).step(effect("charge")).step(losing());
        leave(order);
        clock.advance(Duration.ofMinutes(30));
        agent.sagas().recover(List.of());
        assertThat(state()).isEqualTo(SagaState.RUNNING);
        clock.advance(Duration.ofHours(1));
        agent.sagas().recover(List.of());
        assertThat(state()).isEqualTo(SagaState.STUCK);
        assertThat(agent.sagas().find("order-1").orElseThrow().reason().orElseThrow())
                .contains("no process runs the definition 'order' version 1");
        agent.sagas().retry("order-1", "");
        assertThat(agent.sagas().recover(List.of(order)))
                .extracting(SagaOutcome::state)
                .containsExactly(SagaState.COMPENSATED);
    }

    @Test
    void cancelledOrphan_withoutStartedStep_needsNoDefinition() {
        leave(order().step(losing()));
        agent.sagas().recover(List.of());
        assertThat(state()).isEqualTo(SagaState.RUNNING);
        agent.sagas().cancel("order-1", "wrong address");
        agent.sagas().recover(List.of());
        assertThat(state()).isEqualTo(SagaState.COMPENSATED);
    }

    @Test
    void resolve_endsOrphans_andRefusesCoordinatedSagas() {
        SagaDefinition<String> order = order().step(ExternalStep.of("charge", context -> {
                    assertThatThrownBy(() -> agent.sagas().resolve(context.saga(), ""))
                            .isInstanceOf(SagaStateException.class)
                            .hasMessageContaining("a live process coordinates it");
                    return "";
                }))
                .step(losing());
        leave(order);
        agent.sagas().resolve("order-1", "written off");
        assertThat(state()).isEqualTo(SagaState.RESOLVED);
        assertThatThrownBy(() -> agent.sagas().resolve("order-1", "")).isInstanceOf(SagaStateException.class);
    }

    @Test
    void resolve_withdrawsOpenTasks() {
        SagaDefinition<String> order = order().step(WorkerStep.of("pack", "warehouse", context -> ""));
        agent.sagas().start(order, "order-1", "x");
        while (agent.sagas().find("order-1").isEmpty()) {
            Thread.onSpinWait();
        }
        awaitEntries("order-1", JournalEntry.Type.STARTED, 1);
        store.agent("operator").revoke(Key.text("fencepost:saga:order-1"));
        agent.sagas().resolve("order-1", "written off");
        assertThat(agent.sagas().claimTask("warehouse", LEASE, Duration.ZERO)).isEmpty();
    }

    @Test
    void coordinator_isShownOnlyWhileItLives() {
        List<Optional<?>> seen = new ArrayList<>();
        SagaDefinition<String> order = order().lease(Lease.withoutHeartbeats(Duration.ofMinutes(10)))
                .step(ExternalStep.of("charge", context -> {
                    seen.add(agent.sagas().find("order-1").orElseThrow().coordinator());
                    clock.advance(Duration.ofMinutes(11));
                    seen.add(agent.sagas().find("order-1").orElseThrow().coordinator());
                    return "";
                }));
        run(order);
        assertThat(seen.get(0)).isPresent();
        assertThat(seen.get(1)).isEmpty();
    }

    /** The claiming function of one definition fails. */
    @Test
    void recover_afterOneFailure_continuesWithOtherSagas() {
        SagaDefinition<String> odd = SagaDefinition.of("odd", 1, Codec.text());
        assertThatThrownBy(() -> agent.sagas().run(odd.step(losing()), "odd-1", "x"))
                .isInstanceOf(FencedException.class);
        leave(order().step(losing()));
        SagaDefinition<String> broken = odd.claiming(input -> {
            throw new StorageException("The disk fails", new IOException("no answer"));
        });
        List<SagaOutcome> recovered = agent.sagas().recover(List.of(broken.step(losing()), order().step(losing())));
        assertThat(recovered).hasSize(1);
        assertThat(state()).isEqualTo(SagaState.COMPLETED);
    }

    @Test
    void changedDefinition_isStuck_namingTheSteps() {
        SagaDefinition<String> old = order().step(effect("charge")).step(losing());
        leave(old);
        StoreStep<String, String> inStore = StoreStep.of("charge", (tx, context) -> "");
        WorkerStep<String> byRole = WorkerStep.of("charge", "bank", context -> "");
        List<SagaDefinition<String>> changed = List.of(
                order().step(effect("pay")).step(losing()),
                order().step(inStore).step(losing()),
                order().step(byRole).step(losing()),
                order().step(effect("check")).step(effect("charge")).step(losing()));
        List<String> words = List.of(
                "has no step 'charge'",
                "'charge' as a store step",
                "'charge' as a worker step",
                "'check' before 'charge'");
        for (SagaDefinition<String> now : changed) {
            SagaOutcome outcome = run(now);
            assertThat(outcome.state()).isEqualTo(SagaState.STUCK);
            assertThat(outcome.reason().orElseThrow()).contains(words.get(changed.indexOf(now)));
            agent.sagas().retry("order-1", "");
        }
        assertThat(run(old).completed()).isTrue();
        assertThat(effects).containsExactly("charge charge");
    }

    @Test
    void renamedStep_duringRollback_isStuck() {
        leave(order().step(effect("charge")).step(losing()));
        agent.sagas().cancel("order-1", "");
        SagaDefinition<String> renamed = order().step(effect("pay")).step(losing());
        assertThat(run(renamed).state()).isEqualTo(SagaState.STUCK);
        agent.sagas().skip("order-1", "refunded by hand");
        assertThat(run(renamed).state()).isEqualTo(SagaState.COMPENSATED);
    }

    @Test
    void orphan_waitingForAWorker_usesNoThreadAndNoClaim() throws Exception {
        SagaDefinition<String> waits =
                order().step(losing()).step(WorkerStep.of("pack", "warehouse", context -> "pack"));
        leave(waits);
        try (AutoCloseable looking = agent.sagas().recoverEvery(Duration.ofMillis(1), List.of(waits))) {
            assertThat(looking).isNotNull();
            awaitEntries("order-1", JournalEntry.Type.STARTED, 2);
            while (!store.claims().isEmpty() || isDriven()) {
                Thread.onSpinWait();
            }
            taken().done("box 7");
            assertThat(ended().completed()).isTrue();
        }
    }

    private static boolean isDriven() {
        return Thread.getAllStackTraces().keySet().stream()
                .anyMatch(thread -> thread.getName().equals("fencepost-saga-order-1"));
    }

    @Test
    void recover_awaitsWaitingSagas_afterTheOthers() throws Exception {
        SagaDefinition<String> waits = SagaDefinition.of("waits", 1, Codec.text())
                .step(losing())
                .step(WorkerStep.of("pack", "warehouse", context -> "pack"));
        assertThatThrownBy(() -> agent.sagas().run(waits, "first", "x")).isInstanceOf(FencedException.class);
        SagaDefinition<String> quick = order().step(losing());
        leave(quick);
        FutureTask<List<SagaOutcome>> recovered =
                new FutureTask<>(() -> agent.sagas().recover(List.of(waits, quick)));
        Thread thread = new Thread(recovered, "recovers");
        thread.setDaemon(true);
        thread.start();
        assertThat(agent.sagas().await("order-1", Duration.ofSeconds(30))).isPresent();
        taken().done("box 7");
        assertThat(recovered.get()).extracting(SagaOutcome::saga).containsExactly("order-1", "first");
    }
}
