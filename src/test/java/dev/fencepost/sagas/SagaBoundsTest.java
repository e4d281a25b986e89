package dev.fencepost.sagas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fencepost.InvalidInputException;
import dev.fencepost.Lease;
import dev.fencepost.Store;
import dev.fencepost.StoreConfig;
import dev.fencepost.saga.ExternalStep;
import dev.fencepost.saga.ManualSaga;
import dev.fencepost.saga.SagaDefinition;
import dev.fencepost.saga.SagaInfo;
import dev.fencepost.saga.SagaState;
import dev.fencepost.saga.SagaStateException;
import dev.fencepost.saga.Sagas;
import dev.fencepost.saga.StepFailedException;
import dev.fencepost.saga.StepTask;
import dev.fencepost.saga.WorkerStep;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Invalid requests, the bounds of waits and names, and the view of a saga from outside. */
class SagaBoundsTest extends SagaFixture {
    private static final Lease LEASE = Lease.of(Duration.ofMinutes(5));
    private static final Duration LONG = Duration.ofSeconds(30);

    private StoreConfig config() {
        return StoreConfig.of(folder.resolve("a.db")).withClock(clock);
    }

    @Test
    void namesAreChecked_beforeAnythingBegins() {
        Sagas sagas = agent.sagas();
        assertThatThrownBy(() -> sagas.run(order(), " ", "x"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("The name of a saga");
        assertThatThrownBy(() -> sagas.claimTask(" ", LEASE, Duration.ZERO))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("role");
        try (Store strict = Store.open(config().withMaxKeyBytes(30))) {
            Sagas few = strict.agent("planner").sagas();
            assertThatThrownBy(() -> few.run(order(), "x".repeat(16), "x"))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("fencepost:saga:x");
            assertThatThrownBy(() -> few.run(order().step(effect("charge")), "x".repeat(15), "x"))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("fencepost:task:x");
            assertThat(few.run(order(), "x".repeat(15), "x").completed()).isTrue();
        }
        assertThat(sagas.list(true)).hasSize(1);
        assertThat(effects).isEmpty();
    }

    @Test
    void input_atTheValueLimit_isAccepted_andAboveRefused() {
        try (Store strict = Store.open(config().withMaxValueBytes(100))) {
            Sagas few = strict.agent("planner").sagas();
            assertThat(few.run(order(), "order-1", "x".repeat(100)).completed()).isTrue();
            assertThatThrownBy(() -> few.run(order(), "order-2", "x".repeat(101)))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("101")
                    .hasMessageContaining("order-2");
        }
    }

    @Test
    void waitsAreBounded_andTheBoundIsAllowed() {
        Duration longest = Duration.ofMillis(20);
        try (Store hasty = Store.open(config().withMaxWait(longest))) {
            Sagas sagas = hasty.agent("planner").sagas();
            SagaDefinition<String> waiting = order().step(WorkerStep.of("ask", "absent", context -> ""));
            assertThat(sagas.run(order(), "order-0", "x").completed()).isTrue();
            try (Store elsewhere = Store.open(config())) {
                elsewhere.agent("planner").sagas().start(waiting, "order-1", "x");
                assertThat(sagas.await("order-1", longest)).isEmpty();
                assertThat(sagas.claimTask("packer", LEASE, longest)).isEmpty();
            }
            for (Duration wrong : List.of(Duration.ofNanos(-1), longest.plusNanos(1))) {
                assertThatThrownBy(() -> sagas.await("order-0", wrong))
                        .isInstanceOf(InvalidInputException.class)
                        .hasMessageContaining("The wait for a saga");
                assertThatThrownBy(() -> sagas.claimTask("packer", LEASE, wrong))
                        .isInstanceOf(InvalidInputException.class)
                        .hasMessageContaining("The wait for a task");
            }
        }
    }

    @Test
    void unknownSaga_isRefusedByName() {
        Sagas sagas = agent.sagas();
        List<Runnable> asked = List.of(
                () -> sagas.await("absent", Duration.ZERO),
                () -> sagas.cancel("absent", ""),
                () -> sagas.retry("absent", ""),
                () -> sagas.skip("absent", ""),
                () -> sagas.confirm("absent", ""),
                () -> sagas.resolve("absent", ""));
        for (Runnable one : asked) {
            assertThatThrownBy(one::run)
                    .isInstanceOf(SagaStateException.class)
                    .hasMessageContaining("No saga 'absent'");
        }
        assertThat(sagas.find("absent")).isEmpty();
    }

    @Test
    void decisions_onACompletedSaga_areRefused() {
        agent.sagas().run(order().step(effect("charge")), "order-1", "x");
        assertThatThrownBy(() -> agent.sagas().skip("order-1", ""))
                .isInstanceOf(SagaStateException.class)
                .hasMessageContaining("completed and not stuck");
        assertThatThrownBy(() -> agent.sagas().cancel("order-1", ""))
                .isInstanceOf(SagaStateException.class)
                .hasMessageContaining("completed and can no longer be cancelled");
    }

    @Test
    void runningSaga_showsStepCoordinatorAndJournal() {
        SagaDefinition<String> order = order().step(effect("pack")).step(ExternalStep.of("charge", context -> {
            SagaInfo seen = agent.sagas().find("order-1").orElseThrow();
            assertThat(seen.step()).contains("charge");
            assertThat(seen.coordinator().orElseThrow().holder().agent()).isEqualTo("planner");
            assertThat(seen.journal()).hasSize(4);
            assertThat(agent.sagas().list(false).get(0).journal()).isEmpty();
            return "";
        }));
        assertThat(agent.sagas().run(order, "order-1", "x").completed()).isTrue();
        SagaInfo seen = agent.sagas().find("order-1").orElseThrow();
        assertThat(seen.coordinator()).isEmpty();
        assertThat(seen.step()).contains("charge");
        assertThat(agent.sagas().list(false)).isEmpty();
    }

    @Test
    void recoverEvery_atTheMinimumInterval_recovers() throws Exception {
        Duration least = Duration.ofMillis(1);
        assertThatThrownBy(() -> agent.sagas().recoverEvery(least.minusNanos(1), List.of()))
                .isInstanceOf(InvalidInputException.class);
        SagaDefinition<String> order = order().step(failing("charge", new IOException("reset")));
        SagaDefinition<String> quick = order().step(effect("charge"));
        agent.sagas().run(order, "order-1", "x");
        agent.sagas().retry("order-1", "");
        try (AutoCloseable looking = agent.sagas().recoverEvery(least, List.of(quick))) {
            assertThat(looking).isNotNull();
            assertThat(agent.sagas().await("order-1", LONG).orElseThrow().completed())
                    .isTrue();
        }
    }

    @Test
    void severalOrphans_areAllRecovered() throws Exception {
        SagaDefinition<String> lost = order().step(failing("charge", new IOException("reset")));
        for (int i = 0; i < 5; i++) {
            agent.sagas().run(lost, "order-" + i, "x");
            agent.sagas().retry("order-" + i, "");
        }
        try (AutoCloseable looking =
                agent.sagas().recoverEvery(Duration.ofMillis(1), List.of(order().step(effect("charge"))))) {
            assertThat(looking).isNotNull();
            for (int i = 0; i < 5; i++) {
                assertThat(agent.sagas().await("order-" + i, LONG).orElseThrow().completed())
                        .isTrue();
            }
        }
    }

    @Test
    void manyEndedSagas_areAllForgotten() {
        for (int i = 0; i < 101; i++) {
            agent.sagas().run(order(), "order-" + i, "x");
        }
        assertThatThrownBy(() -> agent.sagas().forget(Duration.ofNanos(-1))).isInstanceOf(InvalidInputException.class);
        assertThatThrownBy(() -> agent.sagas().forget(Duration.ofDays(36_500).plusNanos(1)))
                .isInstanceOf(InvalidInputException.class);
        assertThat(agent.sagas().forget(Duration.ofDays(36_500))).isZero();
        clock.advance(Duration.ofSeconds(1));
        assertThat(agent.sagas().forget(Duration.ZERO)).isEqualTo(101);
        assertThat(agent.sagas().list(true)).isEmpty();
    }

    @Test
    void outputOfALaterStep_isRefused() {
        ExternalStep<String, String> later = effect("later");
        SagaDefinition<String> order = order().step(ExternalStep.of("charge", context -> {
                    effects.add(context.idempotencyKey());
                    assertThatThrownBy(() -> context.output(later))
                            .isInstanceOf(InvalidInputException.class)
                            .hasMessageContaining("'later'");
                    return "";
                }))
                .step(later.compensatedBy((context, input, output) -> effects.add(context.idempotencyKey())))
                .step(failing("ship", StepFailedException.permanent("no")));
        agent.sagas().run(order, "order-1", "x");
        assertThat(effects.get(0)).matches("order-1/charge/[0-9]+");
        assertThat(effects.get(effects.size() - 1)).matches("order-1/later/[0-9]+/undo");
    }

    @Test
    void reportsOnAnEndedSaga_areRefused_andHoldNoClaim() {
        List<String> steps = List.of("flight");
        ManualSaga trip = agent.sagas().startManual("trip-1", steps, LEASE);
        assertThat(trip.idempotencyKey("flight", true))
                .startsWith("trip-1/flight/")
                .endsWith("/undo");
        assertThatThrownBy(() -> trip.compensated("flight"))
                .isInstanceOf(SagaStateException.class)
                .hasMessageContaining("is to be done");
        trip.close();
        assertThat(store.claims()).isEmpty();
        try (ManualSaga again = agent.sagas().startManual("trip-1", steps, LEASE)) {
            again.refused("flight", "no seat");
        }
        assertThatThrownBy(() -> agent.sagas().startManual("trip-1", steps, LEASE))
                .isInstanceOf(SagaStateException.class)
                .hasMessageContaining("compensated");
        assertThat(store.claims()).isEmpty();
        assertThatThrownBy(() -> agent.sagas().startManual("trip-2", List.of(), LEASE))
                .isInstanceOf(InvalidInputException.class);
    }

    @Test
    void contradictingReport_isRefused() {
        ManualSaga trip = agent.sagas().startManual("trip-1", List.of("flight", "hotel"), LEASE);
        trip.done("flight", "LH 1");
        trip.refused("hotel", "full");
        assertThatThrownBy(() -> trip.done("flight", "again"))
                .isInstanceOf(SagaStateException.class)
                .hasMessageContaining("is to be compensated");
        assertThatThrownBy(() -> trip.refused("flight", "never"))
                .isInstanceOf(SagaStateException.class)
                .hasMessageContaining("is to be compensated");
        assertThat(trip.state()).isEqualTo(SagaState.COMPENSATING);
    }

    @Test
    void task_describesItself_andIsReleasedWithoutAReport() {
        SagaDefinition<String> order = order().step(WorkerStep.<String>of("pack", "packer", context -> "a book")
                .compensatedBy(context -> "the box")
                .retry(TWICE)
                .idempotent());
        agent.sagas().start(order, "order-1", "x");
        StepTask work = agent.sagas().claimTask("packer", LEASE, LONG).orElseThrow();
        assertThat(work.step()).isEqualTo("pack");
        assertThat(work.isCompensation()).isFalse();
        assertThat(work).hasToString("step 'pack' of saga 'order-1'");
        work.close();
        assertThat(store.claims().stream().map(held -> held.key())).doesNotContain("fencepost:task:order-1/pack");
        StepTask again = agent.sagas().claimTask("packer", LEASE, LONG).orElseThrow();
        agent.sagas().cancel("order-1", "");
        again.done("box 7");
        StepTask undo = agent.sagas().claimTask("packer", LEASE, LONG).orElseThrow();
        assertThat(undo.isCompensation()).isTrue();
        assertThat(undo.input()).isEqualTo("the box");
        assertThat(undo).hasToString("compensation of step 'pack' of saga 'order-1'");
        undo.refused("taped");
        assertThat(agent.sagas().await("order-1", LONG).orElseThrow().reason())
                .isEqualTo(Optional.of("pack: could not be compensated: taped"));
    }
}
