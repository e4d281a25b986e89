package dev.fencepost.sagas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fencepost.Claim;
import dev.fencepost.ClaimBusyException;
import dev.fencepost.ClaimToken;
import dev.fencepost.FencedException;
import dev.fencepost.Key;
import dev.fencepost.Lease;
import dev.fencepost.Store;
import dev.fencepost.StoreConfig;
import dev.fencepost.internal.ReservedClaims;
import dev.fencepost.saga.JournalEntry;
import dev.fencepost.saga.ManualSaga;
import dev.fencepost.saga.ManualSaga.Next;
import dev.fencepost.saga.SagaState;
import dev.fencepost.saga.SagaStateException;
import dev.fencepost.saga.Sagas;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Sagas that are driven by reports. The caller reports each outcome, and the saga names the next step. */
class ManualSagaTest extends SagaFixture {
    private static final List<String> STEPS = List.of("flight", "hotel", "car");
    private static final Lease LEASE = Lease.of(Duration.ofMinutes(5));

    private ManualSaga begun() {
        return agent.sagas().startManual("trip-1", STEPS, LEASE);
    }

    private StoreConfig config() {
        return StoreConfig.of(folder.resolve("a.db")).withClock(clock).withElapsedTime(clock::nanos);
    }

    private static Next toDo(String step) {
        return new Next(step, false, false);
    }

    private static Next toUndo(String step) {
        return new Next(step, true, false);
    }

    @Test
    void reportedStepByStep_completed() {
        try (ManualSaga trip = begun()) {
            for (String step : STEPS) {
                assertThat(trip.next()).contains(toDo(step));
                trip.started(step);
                trip.done(step, step + " 7");
            }
            assertThat(trip.next()).isEmpty();
            assertThat(trip.state()).isEqualTo(SagaState.COMPLETED);
        }
        assertThat(agent.sagas().await("trip-1", Duration.ZERO).orElseThrow().outputs())
                .containsEntry("car", "car 7");
        assertThatThrownBy(this::begun).isInstanceOf(SagaStateException.class);
    }

    @Test
    void refusedStep_compensationsAreNext_inReverseOrder() {
        ManualSaga trip = begun();
        trip.done("flight", "LH 1");
        trip.done("hotel", "Ritz");
        trip.refused("car", "sold out");
        assertThat(trip.next()).contains(toUndo("hotel"));
        assertThatThrownBy(() -> trip.done("car", "after all")).isInstanceOf(SagaStateException.class);
        assertThatThrownBy(() -> trip.compensated("flight"))
                .isInstanceOf(SagaStateException.class)
                .hasMessageContaining("to compensate 'hotel'");
        trip.compensated("hotel");
        trip.started("flight");
        trip.compensated("flight");
        assertThat(trip.next()).isEmpty();
        assertThat(trip.state()).isEqualTo(SagaState.COMPENSATED);
        assertThat(agent.sagas().find("trip-1").orElseThrow().reason()).contains("car: sold out");
    }

    @Test
    void firstStepRefused_sagaIsCompensatedAtOnce() {
        ManualSaga trip = begun();
        trip.refused("flight", "no seat");
        assertThat(trip.state()).isEqualTo(SagaState.COMPENSATED);
    }

    @Test
    void takeover_showsTheStepInDoubt_andFencesTheFirst() {
        ManualSaga first = begun();
        first.done("flight", "LH 1");
        first.started("hotel");
        assertThatThrownBy(this::begun).isInstanceOf(ClaimBusyException.class);
        store.agent("operator").revoke(Key.text("fencepost:saga:trip-1"));
        ManualSaga second = store.agent("heir").sagas().startManual("trip-1", STEPS, LEASE);
        assertThat(second.next()).contains(new Next("hotel", false, true));
        assertThat(second.idempotencyKey("hotel", false)).isEqualTo(first.idempotencyKey("hotel", false));
        assertThatThrownBy(() -> first.done("hotel", "late")).isInstanceOf(FencedException.class);
        second.done("hotel", "as they say");
        assertThat(agent.sagas().resumeManual(second.token()).next()).contains(toDo("car"));
        second.close();
        assertThatThrownBy(() -> agent.sagas().startManual("trip-1", List.of("other"), LEASE))
                .isInstanceOf(SagaStateException.class);
    }

    @Test
    void cancelled_rollsBackOnceNothingIsInDoubt() {
        ManualSaga trip = begun();
        trip.done("flight", "LH 1");
        trip.started("hotel");
        agent.sagas().cancel("trip-1", "ill");
        assertThat(trip.next()).contains(new Next("hotel", false, true));
        trip.done("hotel", "Ritz");
        assertThat(trip.next()).contains(toUndo("hotel"));
        trip.compensated("hotel");
        trip.compensated("flight");
        assertThat(trip.state()).isEqualTo(SagaState.COMPENSATED);
    }

    @Test
    void cancelledDuringLastStep_compensatesTheReportedStep() {
        ManualSaga trip = agent.sagas().startManual("trip-1", List.of("flight"), LEASE);
        trip.started("flight");
        agent.sagas().cancel("trip-1", "ill");
        trip.done("flight", "LH 1");
        assertThat(kinds("trip-1"))
                .endsWith(JournalEntry.Type.STARTED, JournalEntry.Type.CANCEL_REQUESTED, JournalEntry.Type.DONE);
        assertThat(trip.next()).contains(toUndo("flight"));
        trip.compensated("flight");
        assertThat(trip.state()).isEqualTo(SagaState.COMPENSATED);
    }

    @Test
    void forgottenSaga_hasNoState() {
        ManualSaga trip = begun();
        trip.refused("flight", "no seat");
        clock.pass(Duration.ofDays(1));
        assertThat(agent.sagas().forget(Duration.ofHours(1))).isEqualTo(1);
        assertThatThrownBy(trip::state).isInstanceOf(SagaStateException.class).hasMessageContaining("No saga 'trip-1'");
    }

    @Test
    void tokenWithoutASaga_isRefused() {
        Claim claim = ReservedClaims.request(store, agent.name(), "fencepost:saga:absent", LEASE)
                .orThrow();
        assertThatThrownBy(() -> agent.sagas().resumeManual(claim.token()))
                .isInstanceOf(SagaStateException.class)
                .hasMessageContaining("No saga 'absent'");
        claim.close();
    }

    @Test
    void failed_stepStaysNext() {
        ManualSaga trip = begun();
        trip.failed("flight", "line busy");
        assertThat(trip.next()).contains(toDo("flight"));
        trip.started("flight");
        trip.failed("flight", "line busy");
        assertThat(trip.next()).contains(toDo("flight"));
        trip.started("flight");
        trip.done("flight", "LH 1");
        assertThat(trip.next()).contains(toDo("hotel"));
        assertThat(kinds("trip-1"))
                .containsExactly(
                        JournalEntry.Type.BEGUN,
                        JournalEntry.Type.FAILED,
                        JournalEntry.Type.STARTED,
                        JournalEntry.Type.FAILED,
                        JournalEntry.Type.STARTED,
                        JournalEntry.Type.DONE);
        assertThatThrownBy(() -> trip.failed("flight", "late")).isInstanceOf(SagaStateException.class);
    }

    @Test
    void failed_afterTwoAttempts_leavesNoDoubt() {
        ManualSaga trip = begun();
        trip.started("flight");
        trip.started("flight");
        assertThat(trip.next()).contains(new Next("flight", false, true));
        trip.failed("flight", "no ticket was sold");
        assertThat(trip.next()).contains(toDo("flight"));
    }

    @Test
    void failedCompensation_staysNext_andCannotBeRefused() {
        ManualSaga trip = begun();
        trip.done("flight", "LH 1");
        trip.refused("hotel", "full");
        trip.started("flight");
        trip.failed("flight", "line busy");
        assertThat(trip.next()).contains(toUndo("flight"));
        assertThatThrownBy(() -> trip.refused("flight", "no refund"))
                .isInstanceOf(SagaStateException.class)
                .hasMessageContaining("Report undone or failed");
        trip.compensated("flight");
        assertThat(trip.state()).isEqualTo(SagaState.COMPENSATED);
        assertThat(kinds("trip-1")).contains(JournalEntry.Type.UNDO_FAILED);
    }

    private void refusesReports(ManualSaga ended, Class<? extends Exception> how) {
        assertThat(ended.next()).isEmpty();
        for (Runnable report : List.<Runnable>of(
                () -> ended.started("flight"),
                () -> ended.done("flight", ""),
                () -> ended.failed("flight", ""),
                () -> ended.refused("flight", ""),
                () -> ended.compensated("flight"))) {
            assertThatThrownBy(report::run).isInstanceOf(how);
        }
    }

    @Test
    void token_afterTheEnd_showsTheState() {
        try (Store keeping = Store.open(config().withProvenance(true))) {
            Sagas sagas = keeping.agent("planner").sagas();
            ManualSaga done = sagas.startManual("done", List.of("flight"), LEASE);
            done.done("flight", "LH 1");
            ManualSaga full = sagas.startManual("full", List.of("flight"), LEASE);
            full.refused("flight", "full");
            ManualSaga cancelled = sagas.startManual("cancelled", List.of("flight"), LEASE);
            sagas.cancel("cancelled", "ill");
            assertThat(cancelled.next()).isEmpty();
            assertThat(sagas.resumeManual(done.token()).state()).isEqualTo(SagaState.COMPLETED);
            assertThat(sagas.resumeManual(cancelled.token()).state()).isEqualTo(SagaState.COMPENSATED);
            ManualSaga ended = sagas.resumeManual(full.token());
            assertThat(ended.state()).isEqualTo(SagaState.COMPENSATED);
            assertThat(ended.token()).isEqualTo(full.token());
            assertThat(ended.idempotencyKey("flight", true)).isEqualTo(full.idempotencyKey("flight", true));
            assertThat(ended).hasToString("saga 'full', compensated");
            refusesReports(ended, SagaStateException.class);
            ended.close();
            assertThat(keeping.history().refusals(10)).isEmpty();
            assertThat(keeping.claims()).isEmpty();
        }
    }

    @Test
    void lostToken_afterTheEnd_showsTheState_andIsFenced() {
        ManualSaga first = begun();
        store.agent("operator").revoke(Key.text("fencepost:saga:trip-1"));
        assertThatThrownBy(() -> agent.sagas().resumeManual(first.token())).isInstanceOf(FencedException.class);
        ManualSaga second = store.agent("heir").sagas().startManual("trip-1", STEPS, LEASE);
        assertThatThrownBy(() -> agent.sagas().resumeManual(first.token())).isInstanceOf(FencedException.class);
        second.refused("flight", "full");
        ManualSaga ended = agent.sagas().resumeManual(first.token());
        assertThat(ended.state()).isEqualTo(SagaState.COMPENSATED);
        refusesReports(ended, FencedException.class);
    }

    @Test
    void forgedToken_afterTheEnd_isFenced() {
        ManualSaga trip = begun();
        trip.refused("flight", "full");
        String text = trip.token().text();
        String forged = text.substring(0, text.length() - 16) + "0".repeat(16);
        assertThatThrownBy(() -> agent.sagas().resumeManual(new ClaimToken(forged)))
                .isInstanceOf(FencedException.class);
    }

    @Test
    void expiredToken_ofAResolvedSaga_showsTheState() {
        ClaimToken token;
        try (Store gone = Store.open(config())) {
            token = gone.agent("gone")
                    .sagas()
                    .startManual("trip-1", STEPS, Lease.withoutHeartbeats(Duration.ofMinutes(5)))
                    .token();
        }
        clock.advance(Duration.ofMinutes(6));
        agent.sagas().resolve("trip-1", "by phone");
        assertThat(agent.sagas().resumeManual(token).state()).isEqualTo(SagaState.RESOLVED);
    }

    @Test
    void tokenOfAForgottenSaga_isFenced_thoughTheNameIsUsedAgain() {
        ManualSaga first = begun();
        first.refused("flight", "full");
        clock.pass(Duration.ofDays(1));
        assertThat(agent.sagas().forget(Duration.ofHours(1))).isEqualTo(1);
        assertThatThrownBy(() -> agent.sagas().resumeManual(first.token())).isInstanceOf(FencedException.class);
        begun().refused("flight", "full again");
        assertThatThrownBy(() -> agent.sagas().resumeManual(first.token())).isInstanceOf(FencedException.class);
    }
}
