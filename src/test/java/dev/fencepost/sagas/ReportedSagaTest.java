package dev.fencepost.sagas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fencepost.BusyException;
import dev.fencepost.Claim;
import dev.fencepost.ClaimToken;
import dev.fencepost.FencedException;
import dev.fencepost.Key;
import dev.fencepost.Lease;
import dev.fencepost.ReportedSaga;
import dev.fencepost.ReportedSaga.Next;
import dev.fencepost.SagaEntry.Kind;
import dev.fencepost.SagaRefusedException;
import dev.fencepost.SagaState;
import dev.fencepost.Sagas;
import dev.fencepost.Store;
import dev.fencepost.StoreConfig;
import dev.fencepost.internal.ReservedClaims;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Sagas that nobody runs: each outcome is reported, and the saga says what is next. */
class ReportedSagaTest extends SagaFixture {
    private static final List<String> STEPS = List.of("flight", "hotel", "car");
    private static final Lease LEASE = Lease.of(Duration.ofMinutes(5));

    private ReportedSaga begun() {
        return agent.sagas().report("trip-1", STEPS, LEASE);
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
        try (ReportedSaga trip = begun()) {
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
        assertThatThrownBy(this::begun).isInstanceOf(SagaRefusedException.class);
    }

    @Test
    void failed_whatIsToBeUndoneIsSaid_inReverseOrder() {
        ReportedSaga trip = begun();
        trip.done("flight", "LH 1");
        trip.done("hotel", "Ritz");
        trip.refused("car", "sold out");
        assertThat(trip.next()).contains(toUndo("hotel"));
        assertThatThrownBy(() -> trip.done("car", "after all")).isInstanceOf(SagaRefusedException.class);
        assertThatThrownBy(() -> trip.undone("flight"))
                .isInstanceOf(SagaRefusedException.class)
                .hasMessageContaining("to undo 'hotel'");
        trip.undone("hotel");
        trip.started("flight");
        trip.undone("flight");
        assertThat(trip.next()).isEmpty();
        assertThat(trip.state()).isEqualTo(SagaState.COMPENSATED);
        assertThat(agent.sagas().find("trip-1").orElseThrow().reason()).contains("car: sold out");
    }

    @Test
    void failedAtOnce_thereIsNothingToUndo() {
        ReportedSaga trip = begun();
        trip.refused("flight", "no seat");
        assertThat(trip.state()).isEqualTo(SagaState.COMPENSATED);
    }

    @Test
    void takenUpByAnother_whoLearnsWhatIsInDoubt_andTheFirstIsFenced() {
        ReportedSaga first = begun();
        first.done("flight", "LH 1");
        first.started("hotel");
        assertThatThrownBy(this::begun).isInstanceOf(BusyException.class);
        store.agent("operator").revoke(Key.text("saga:trip-1"));
        ReportedSaga second = store.agent("heir").sagas().report("trip-1", STEPS, LEASE);
        assertThat(second.next()).contains(new Next("hotel", false, true));
        assertThat(second.idempotencyKey("hotel", false)).isEqualTo(first.idempotencyKey("hotel", false));
        assertThatThrownBy(() -> first.done("hotel", "late")).isInstanceOf(FencedException.class);
        second.done("hotel", "as they say");
        assertThat(agent.sagas().resumeReport(second.token()).next()).contains(toDo("car"));
        second.close();
        assertThatThrownBy(() -> agent.sagas().report("trip-1", List.of("other"), LEASE))
                .isInstanceOf(SagaRefusedException.class);
    }

    @Test
    void cancelled_turnsBackOnceNothingIsInDoubt() {
        ReportedSaga trip = begun();
        trip.done("flight", "LH 1");
        trip.started("hotel");
        agent.sagas().cancel("trip-1", "ill");
        assertThat(trip.next()).contains(new Next("hotel", false, true));
        trip.done("hotel", "Ritz");
        assertThat(trip.next()).contains(toUndo("hotel"));
        trip.undone("hotel");
        trip.undone("flight");
        assertThat(trip.state()).isEqualTo(SagaState.COMPENSATED);
    }

    @Test
    void cancelledBeforeItsLastStepIsReported_thatStepIsDone_andUndone() {
        ReportedSaga trip = agent.sagas().report("trip-1", List.of("flight"), LEASE);
        trip.started("flight");
        agent.sagas().cancel("trip-1", "ill");
        trip.done("flight", "LH 1");
        assertThat(kinds("trip-1")).endsWith(Kind.STARTED, Kind.CANCEL_REQUESTED, Kind.DONE);
        assertThat(trip.next()).contains(toUndo("flight"));
        trip.undone("flight");
        assertThat(trip.state()).isEqualTo(SagaState.COMPENSATED);
    }

    @Test
    void forgotten_itHasNoState() {
        ReportedSaga trip = begun();
        trip.refused("flight", "no seat");
        clock.pass(Duration.ofDays(1));
        assertThat(agent.sagas().forget(Duration.ofHours(1))).isEqualTo(1);
        assertThatThrownBy(trip::state)
                .isInstanceOf(SagaRefusedException.class)
                .hasMessageContaining("There is no saga 'trip-1'");
    }

    @Test
    void aTokenForTheNameOfNoSaga_isRefused() {
        Claim claim = ReservedClaims.request(store, agent.name(), "saga:nobody", LEASE)
                .orThrow();
        assertThatThrownBy(() -> agent.sagas().resumeReport(claim.token()))
                .isInstanceOf(SagaRefusedException.class)
                .hasMessageContaining("There is no saga 'nobody'");
        claim.close();
    }

    @Test
    void failed_stepStaysNext() {
        ReportedSaga trip = begun();
        trip.failed("flight", "line busy");
        assertThat(trip.next()).contains(toDo("flight"));
        trip.started("flight");
        trip.failed("flight", "line busy");
        assertThat(trip.next()).contains(toDo("flight"));
        trip.started("flight");
        trip.done("flight", "LH 1");
        assertThat(trip.next()).contains(toDo("hotel"));
        assertThat(kinds("trip-1"))
                .containsExactly(Kind.BEGUN, Kind.FAILED, Kind.STARTED, Kind.FAILED, Kind.STARTED, Kind.DONE);
        assertThatThrownBy(() -> trip.failed("flight", "late")).isInstanceOf(SagaRefusedException.class);
    }

    @Test
    void failed_afterTwoAttempts_leavesNoDoubt() {
        ReportedSaga trip = begun();
        trip.started("flight");
        trip.started("flight");
        assertThat(trip.next()).contains(new Next("flight", false, true));
        trip.failed("flight", "no ticket was sold");
        assertThat(trip.next()).contains(toDo("flight"));
    }

    @Test
    void failedUndo_stepStaysNext_refusedUndoIsNoReport() {
        ReportedSaga trip = begun();
        trip.done("flight", "LH 1");
        trip.refused("hotel", "full");
        trip.started("flight");
        trip.failed("flight", "line busy");
        assertThat(trip.next()).contains(toUndo("flight"));
        assertThatThrownBy(() -> trip.refused("flight", "no refund"))
                .isInstanceOf(SagaRefusedException.class)
                .hasMessageContaining("report undone or failed");
        trip.undone("flight");
        assertThat(trip.state()).isEqualTo(SagaState.COMPENSATED);
        assertThat(kinds("trip-1")).contains(Kind.UNDO_FAILED);
    }

    private void refusesReports(ReportedSaga ended, Class<? extends Exception> how) {
        assertThat(ended.next()).isEmpty();
        for (Runnable report : List.<Runnable>of(
                () -> ended.started("flight"),
                () -> ended.done("flight", ""),
                () -> ended.failed("flight", ""),
                () -> ended.refused("flight", ""),
                () -> ended.undone("flight"))) {
            assertThatThrownBy(report::run).isInstanceOf(how);
        }
    }

    @Test
    void token_afterTheEnd_showsTheState() {
        try (Store keeping = Store.open(config().withProvenance(true))) {
            Sagas sagas = keeping.agent("planner").sagas();
            ReportedSaga done = sagas.report("done", List.of("flight"), LEASE);
            done.done("flight", "LH 1");
            ReportedSaga full = sagas.report("full", List.of("flight"), LEASE);
            full.refused("flight", "full");
            ReportedSaga cancelled = sagas.report("cancelled", List.of("flight"), LEASE);
            sagas.cancel("cancelled", "ill");
            assertThat(cancelled.next()).isEmpty();
            assertThat(sagas.resumeReport(done.token()).state()).isEqualTo(SagaState.COMPLETED);
            assertThat(sagas.resumeReport(cancelled.token()).state()).isEqualTo(SagaState.COMPENSATED);
            ReportedSaga ended = sagas.resumeReport(full.token());
            assertThat(ended.state()).isEqualTo(SagaState.COMPENSATED);
            assertThat(ended.token()).isEqualTo(full.token());
            assertThat(ended.idempotencyKey("flight", true)).isEqualTo(full.idempotencyKey("flight", true));
            assertThat(ended).hasToString("saga 'full', compensated");
            refusesReports(ended, SagaRefusedException.class);
            ended.close();
            assertThat(keeping.history().refusals(10)).isEmpty();
            assertThat(keeping.claims()).isEmpty();
        }
    }

    @Test
    void lostToken_afterTheEnd_showsTheState_andIsFenced() {
        ReportedSaga first = begun();
        store.agent("operator").revoke(Key.text("saga:trip-1"));
        assertThatThrownBy(() -> agent.sagas().resumeReport(first.token())).isInstanceOf(FencedException.class);
        ReportedSaga second = store.agent("heir").sagas().report("trip-1", STEPS, LEASE);
        assertThatThrownBy(() -> agent.sagas().resumeReport(first.token())).isInstanceOf(FencedException.class);
        second.refused("flight", "full");
        ReportedSaga ended = agent.sagas().resumeReport(first.token());
        assertThat(ended.state()).isEqualTo(SagaState.COMPENSATED);
        refusesReports(ended, FencedException.class);
    }

    @Test
    void forgedToken_afterTheEnd_isFenced() {
        ReportedSaga trip = begun();
        trip.refused("flight", "full");
        String text = trip.token().text();
        String forged = text.substring(0, text.length() - 16) + "0".repeat(16);
        assertThatThrownBy(() -> agent.sagas().resumeReport(new ClaimToken(forged)))
                .isInstanceOf(FencedException.class);
    }

    @Test
    void expiredToken_ofAResolvedSaga_showsTheState() {
        ClaimToken token;
        try (Store gone = Store.open(config())) {
            token = gone.agent("gone")
                    .sagas()
                    .report("trip-1", STEPS, Lease.withoutHeartbeats(Duration.ofMinutes(5)))
                    .token();
        }
        clock.advance(Duration.ofMinutes(6));
        agent.sagas().resolve("trip-1", "by phone");
        assertThat(agent.sagas().resumeReport(token).state()).isEqualTo(SagaState.RESOLVED);
    }

    @Test
    void tokenOfAForgottenSaga_isFenced_thoughTheNameIsUsedAgain() {
        ReportedSaga first = begun();
        first.refused("flight", "full");
        clock.pass(Duration.ofDays(1));
        assertThat(agent.sagas().forget(Duration.ofHours(1))).isEqualTo(1);
        assertThatThrownBy(() -> agent.sagas().resumeReport(first.token())).isInstanceOf(FencedException.class);
        begun().refused("flight", "full again");
        assertThatThrownBy(() -> agent.sagas().resumeReport(first.token())).isInstanceOf(FencedException.class);
    }
}
