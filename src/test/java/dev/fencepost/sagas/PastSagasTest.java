package dev.fencepost.sagas;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fencepost.Claim;
import dev.fencepost.Codec;
import dev.fencepost.HeldClaim;
import dev.fencepost.Key;
import dev.fencepost.Lease;
import dev.fencepost.ReportedSaga;
import dev.fencepost.RoleStep;
import dev.fencepost.SagaDefinition;
import dev.fencepost.SagaEntry;
import dev.fencepost.SagaEntry.Kind;
import dev.fencepost.SagaState;
import dev.fencepost.SagaView;
import dev.fencepost.SagaWork;
import dev.fencepost.Sagas;
import dev.fencepost.Snapshot;
import dev.fencepost.StepFailedException;
import dev.fencepost.Store;
import dev.fencepost.StoreConfig;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** At each place in the order of the store: how a saga stood, and in whose hands; what ends together ends at one place. */
class PastSagasTest extends OneOrderFixture {
    private SagaEntry entry(String saga, Kind kind) {
        return agent.sagas().find(saga).orElseThrow().journal().stream()
                .filter(entry -> entry.kind() == kind)
                .findFirst()
                .orElseThrow();
    }

    private SagaView at(SagaEntry entry) {
        try (Snapshot then = store.snapshotAt(entry.sequence())) {
            return then.saga("order-1").orElseThrow();
        }
    }

    private List<String> heldAt(long sequence) {
        try (Snapshot then = store.snapshotAt(sequence)) {
            return then.claims().stream().map(HeldClaim::key).toList();
        }
    }

    private long now() {
        try (Snapshot snapshot = store.snapshot()) {
            return snapshot.sequence();
        }
    }

    @Test
    void seenWhereItStood_andInWhoseHands() {
        try (Claim other = agent.claim(Key.text("another"), LEASE).orThrow()) {
            SagaDefinition<String> order =
                    order().step(effect("pack")).step(failing("charge", new IOException("reset")));
            store.agent("clerk").sagas().run(order, "order-1", "x");
            agent.sagas().cancel("order-1", "ill");
            assertThat(other.keys()).hasSize(1);
        }
        SagaView begun = at(entry("order-1", Kind.BEGUN));
        assertThat(begun.state()).isEqualTo(SagaState.RUNNING);
        assertThat(begun.step()).isEmpty();
        assertThat(begun.coordinator()).isEmpty();
        SagaView packed = at(entry("order-1", Kind.DONE));
        assertThat(packed.step()).contains("pack");
        assertThat(packed.coordinator().orElseThrow().holder().agent()).isEqualTo("clerk");
        SagaView charging = at(entry("order-1", Kind.UNKNOWN));
        assertThat(charging.step()).contains("charge");
        assertThat(charging.coordinator()).isPresent();
        SagaView stuck = at(entry("order-1", Kind.STUCK));
        assertThat(stuck.state()).isEqualTo(SagaState.STUCK);
        assertThat(stuck.coordinator()).isEmpty();
        // That is for whoever decides about it; it changes nothing by itself.
        assertThat(at(entry("order-1", Kind.CANCEL_REQUESTED)).state()).isEqualTo(SagaState.STUCK);
    }

    @Test
    void whoeverEndsIt_givesItBackByTheSameCommit() {
        agent.sagas().run(order().step(effect("charge")), "completed", "x");
        assertThat(heldAt(entry("completed", Kind.COMPLETED).sequence())).isEmpty();
        agent.sagas().run(order().step(failing("charge", StepFailedException.refused("no"))), "compensated", "x");
        assertThat(heldAt(entry("compensated", Kind.COMPENSATING).sequence())).containsExactly("saga:compensated");
        assertThat(heldAt(entry("compensated", Kind.COMPENSATED).sequence())).isEmpty();
    }

    @Test
    void whoeverReportsTheEnd_givesItBackByTheSameCommit() {
        ReportedSaga trip = agent.sagas().report("trip-1", List.of("flight"), LEASE);
        trip.done("flight", "LH 1");
        assertThat(heldAt(entry("trip-1", Kind.COMPLETED).sequence())).isEmpty();
        ReportedSaga undone = agent.sagas().report("trip-2", List.of("flight", "hotel"), LEASE);
        undone.done("flight", "LH 1");
        undone.refused("hotel", "full");
        undone.undone("flight");
        assertThat(heldAt(entry("trip-2", Kind.UNDONE).sequence())).isEmpty();
        assertThat(entry("trip-2", Kind.COMPENSATED).sequence())
                .isEqualTo(entry("trip-2", Kind.UNDONE).sequence());
    }

    @Test
    void workThatIsReported_andTheClaimUnderWhichItWasDone_endByOneCommit() {
        SagaWork work;
        try (Store elsewhere = Store.open(config())) {
            elsewhere
                    .agent("planner")
                    .sagas()
                    .start(order().step(RoleStep.of("pack", "warehouse", context -> "pack")), "order-1", "x");
            work = taken();
        }
        long before = now();
        assertThat(heldAt(before)).contains("work:order-1/pack");
        work.done("box 7");
        assertThat(now()).isEqualTo(before + 1);
        assertThat(store.claims()).extracting(HeldClaim::key).doesNotContain("work:order-1/pack");
    }

    @Test
    void workThatIsLost_andTheClaimThatHasRunOut_endByOneCommit() {
        agent.sagas().start(order().step(RoleStep.of("pack", "warehouse", context -> "pack")), "order-1", "x");
        assertThat(agent.sagas().take("warehouse", Lease.withoutHeartbeats(Duration.ofMinutes(5)), LONG))
                .isPresent();
        long before = now();
        clock.advance(Duration.ofMinutes(6));
        assertThat(agent.sagas().await("order-1", LONG)).isPresent();
        assertThat(entry("order-1", Kind.UNKNOWN).sequence()).isEqualTo(before + 2);
        assertThat(heldAt(before)).contains("work:order-1/pack");
        assertThat(heldAt(before + 1)).containsExactly("saga:order-1");
    }

    /** Their claims end with the last entry, and with the report. */
    @Test
    void whoeverEndsWhatIsTheirOwn_hasBeenRefusedNothing() {
        StoreConfig keeping = config().withProvenance(true);
        try (Store elsewhere = Store.open(keeping)) {
            Sagas sagas = elsewhere.agent("clerk").sagas();
            sagas.run(order().step(effect("pack")), "order-1", "x");
            SagaDefinition<String> byRole = SagaDefinition.of("delivery", 1, Codec.text())
                    .step(RoleStep.of("pack", "warehouse", context -> "pack"));
            sagas.start(byRole, "order-2", "x");
            try (SagaWork work = sagas.take("warehouse", LEASE, LONG).orElseThrow()) {
                work.done("box 7");
            }
            awaitEntries("order-2", Kind.COMPLETED, 1);
            try (ReportedSaga completed = sagas.report("trip-1", List.of("flight"), LEASE);
                    ReportedSaga failed = sagas.report("trip-2", List.of("flight"), LEASE);
                    ReportedSaga undone = sagas.report("trip-3", List.of("flight", "hotel"), LEASE)) {
                completed.done("flight", "LH 1");
                failed.refused("flight", "full");
                undone.done("flight", "LH 1");
                undone.refused("hotel", "full");
                undone.undone("flight");
            }
        }
        assertThat(store.history().refusals(10)).isEmpty();
    }
}
