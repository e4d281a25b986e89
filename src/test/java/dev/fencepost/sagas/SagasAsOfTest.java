package dev.fencepost.sagas;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fencepost.Claim;
import dev.fencepost.ClaimInfo;
import dev.fencepost.Codec;
import dev.fencepost.Key;
import dev.fencepost.Lease;
import dev.fencepost.Snapshot;
import dev.fencepost.Store;
import dev.fencepost.StoreConfig;
import dev.fencepost.saga.JournalEntry;
import dev.fencepost.saga.ManualSaga;
import dev.fencepost.saga.SagaDefinition;
import dev.fencepost.saga.SagaInfo;
import dev.fencepost.saga.SagaState;
import dev.fencepost.saga.Sagas;
import dev.fencepost.saga.StepFailedException;
import dev.fencepost.saga.StepTask;
import dev.fencepost.saga.WorkerStep;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Sagas at earlier sequences: state, step and coordinator. Changes that belong together have one sequence. */
class SagasAsOfTest extends OneOrderFixture {
    private JournalEntry entry(String saga, JournalEntry.Type kind) {
        return agent.sagas().find(saga).orElseThrow().journal().stream()
                .filter(entry -> entry.type() == kind)
                .findFirst()
                .orElseThrow();
    }

    private SagaInfo at(JournalEntry entry) {
        try (Snapshot then = store.snapshotAt(entry.sequence())) {
            return then.saga("order-1").orElseThrow();
        }
    }

    private List<String> heldAt(long sequence) {
        try (Snapshot then = store.snapshotAt(sequence)) {
            return then.claims().stream().map(ClaimInfo::key).toList();
        }
    }

    private long now() {
        try (Snapshot snapshot = store.snapshot()) {
            return snapshot.sequence();
        }
    }

    @Test
    void pastSaga_showsStateStepAndCoordinator() {
        try (Claim other = agent.claim(Key.text("another"), LEASE).orThrow()) {
            SagaDefinition<String> order =
                    order().step(effect("pack")).step(failing("charge", new IOException("reset")));
            store.agent("clerk").sagas().run(order, "order-1", "x");
            agent.sagas().cancel("order-1", "ill");
            assertThat(other.keys()).hasSize(1);
        }
        SagaInfo begun = at(entry("order-1", JournalEntry.Type.BEGUN));
        assertThat(begun.state()).isEqualTo(SagaState.RUNNING);
        assertThat(begun.step()).isEmpty();
        assertThat(begun.coordinator()).isEmpty();
        SagaInfo packed = at(entry("order-1", JournalEntry.Type.DONE));
        assertThat(packed.step()).contains("pack");
        assertThat(packed.coordinator().orElseThrow().holder().agent()).isEqualTo("clerk");
        SagaInfo charging = at(entry("order-1", JournalEntry.Type.UNKNOWN));
        assertThat(charging.step()).contains("charge");
        assertThat(charging.coordinator()).isPresent();
        SagaInfo stuck = at(entry("order-1", JournalEntry.Type.STUCK));
        assertThat(stuck.state()).isEqualTo(SagaState.STUCK);
        assertThat(stuck.coordinator()).isEmpty();
        // The request is for the operator; by itself it changes nothing.
        assertThat(at(entry("order-1", JournalEntry.Type.CANCEL_REQUESTED)).state())
                .isEqualTo(SagaState.STUCK);
    }

    @Test
    void endOfASaga_releasesItsClaim_inTheSameCommit() {
        agent.sagas().run(order().step(effect("charge")), "completed", "x");
        assertThat(heldAt(entry("completed", JournalEntry.Type.COMPLETED).sequence()))
                .isEmpty();
        agent.sagas().run(order().step(failing("charge", StepFailedException.permanent("no"))), "compensated", "x");
        assertThat(heldAt(entry("compensated", JournalEntry.Type.COMPENSATING).sequence()))
                .containsExactly("fencepost:saga:compensated");
        assertThat(heldAt(entry("compensated", JournalEntry.Type.COMPENSATED).sequence()))
                .isEmpty();
    }

    @Test
    void lastReport_releasesTheClaim_inTheSameCommit() {
        ManualSaga trip = agent.sagas().startManual("trip-1", List.of("flight"), LEASE);
        trip.done("flight", "LH 1");
        assertThat(heldAt(entry("trip-1", JournalEntry.Type.COMPLETED).sequence()))
                .isEmpty();
        ManualSaga undone = agent.sagas().startManual("trip-2", List.of("flight", "hotel"), LEASE);
        undone.done("flight", "LH 1");
        undone.refused("hotel", "full");
        undone.compensated("flight");
        assertThat(heldAt(entry("trip-2", JournalEntry.Type.UNDONE).sequence())).isEmpty();
        assertThat(entry("trip-2", JournalEntry.Type.COMPENSATED).sequence())
                .isEqualTo(entry("trip-2", JournalEntry.Type.UNDONE).sequence());
    }

    @Test
    void report_releasesTheTasksClaim_inTheSameCommit() {
        StepTask work;
        try (Store elsewhere = Store.open(config())) {
            elsewhere
                    .agent("planner")
                    .sagas()
                    .start(order().step(WorkerStep.of("pack", "warehouse", context -> "pack")), "order-1", "x");
            work = taken();
        }
        long before = now();
        assertThat(heldAt(before)).contains("fencepost:task:order-1/pack");
        work.done("box 7");
        assertThat(now()).isEqualTo(before + 1);
        assertThat(store.claims()).extracting(ClaimInfo::key).doesNotContain("fencepost:task:order-1/pack");
    }

    @Test
    void expiredTask_endsItsClaim_beforeTheUnknownEntry() {
        agent.sagas().start(order().step(WorkerStep.of("pack", "warehouse", context -> "pack")), "order-1", "x");
        assertThat(agent.sagas().claimTask("warehouse", Lease.withoutHeartbeats(Duration.ofMinutes(5)), LONG))
                .isPresent();
        long before = now();
        clock.advance(Duration.ofMinutes(6));
        assertThat(agent.sagas().await("order-1", LONG)).isPresent();
        assertThat(entry("order-1", JournalEntry.Type.UNKNOWN).sequence()).isEqualTo(before + 2);
        assertThat(heldAt(before)).contains("fencepost:task:order-1/pack");
        assertThat(heldAt(before + 1)).containsExactly("fencepost:saga:order-1");
    }

    /** Their claims end with the last entry, and with the report. */
    @Test
    void endingOwnClaims_recordsNoRefusal() {
        StoreConfig keeping = config().withProvenance(true);
        try (Store elsewhere = Store.open(keeping)) {
            Sagas sagas = elsewhere.agent("clerk").sagas();
            sagas.run(order().step(effect("pack")), "order-1", "x");
            SagaDefinition<String> byRole = SagaDefinition.of("delivery", 1, Codec.text())
                    .step(WorkerStep.of("pack", "warehouse", context -> "pack"));
            sagas.start(byRole, "order-2", "x");
            try (StepTask work = sagas.claimTask("warehouse", LEASE, LONG).orElseThrow()) {
                work.done("box 7");
            }
            awaitEntries("order-2", JournalEntry.Type.COMPLETED, 1);
            try (ManualSaga completed = sagas.startManual("trip-1", List.of("flight"), LEASE);
                    ManualSaga failed = sagas.startManual("trip-2", List.of("flight"), LEASE);
                    ManualSaga undone = sagas.startManual("trip-3", List.of("flight", "hotel"), LEASE)) {
                completed.done("flight", "LH 1");
                failed.refused("flight", "full");
                undone.done("flight", "LH 1");
                undone.refused("hotel", "full");
                undone.compensated("flight");
            }
        }
        assertThat(store.history().refusals(10)).isEmpty();
    }
}
