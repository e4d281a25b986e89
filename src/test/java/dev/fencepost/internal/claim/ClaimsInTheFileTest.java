package dev.fencepost.internal.claim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fencepost.ClaimEnd;
import dev.fencepost.ClaimInfo;
import dev.fencepost.ClaimResult;
import dev.fencepost.CommitId;
import dev.fencepost.FencedException;
import dev.fencepost.Key;
import dev.fencepost.Lease;
import dev.fencepost.OutcomeUnknownException;
import dev.fencepost.WriteLockTimeoutException;
import dev.fencepost.internal.commit.AbstractWriter;
import dev.fencepost.internal.commit.WriteTransaction;
import dev.fencepost.internal.process.ProcessProbe;
import dev.fencepost.internal.read.CommitNotifier;
import dev.fencepost.internal.sql.ClaimTables;
import dev.fencepost.internal.sql.TimeTables;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The services of claims for sagas, consumers and snapshots. */
class ClaimsInTheFileTest extends ClaimFixture {
    private static final Duration LEASE = Duration.ofSeconds(5);
    private static final Lease CARRIED = Lease.of(BEAT.multipliedBy(3));

    private boolean isFree(DefaultClaim claim) {
        return reads.read(session -> claims.isFree(session, number(claim)));
    }

    private boolean endIfFree(DefaultClaim claim) {
        return queue.submit(scope -> claims.endIfFree(scope, number(claim), scope.sequence("taker")));
    }

    private Optional<ClaimInfo> holder(DefaultClaim claim, String key) {
        return reads.read(session -> claims.holder(session, number(claim), key));
    }

    private ClaimEnd ending(DefaultClaim claim) {
        return grant(claim).end().orElseThrow().ending();
    }

    @Test
    void claim_expiredOrEnded_isFree() {
        DefaultClaim claim = held(LEASE, PLAN);
        assertThat(isFree(claim)).isFalse();
        clock.advance(LEASE);
        assertThat(isFree(claim)).isTrue();
        claim.renew();
        assertThat(isFree(claim)).isFalse();
        claim.release();
        assertThat(isFree(claim)).isTrue();
    }

    @Test
    void endIfFree_endsExpiredClaim_notALiveOne() {
        DefaultClaim claim = held(LEASE, PLAN);
        assertThat(endIfFree(claim)).isFalse();
        assertThat(grant(claim).end()).isEmpty();
        clock.advance(LEASE);
        assertThat(endIfFree(claim)).isTrue();
        assertThat(ending(claim)).isEqualTo(ClaimEnd.LEASE_EXPIRED);
        assertThatThrownBy(claim::renew).isInstanceOf(FencedException.class);
    }

    @Test
    void clockPutBack_redatesTheClaim_onTakeoverOnly() {
        DefaultClaim claim = held(LEASE, PLAN);
        long before = clock.millis();
        clock.advance(Duration.ofHours(-6));
        assertThat(isFree(claim)).isFalse();
        assertThat(grant(claim).renewedAt()).isEqualTo(before);
        assertThat(endIfFree(claim)).isFalse();
        assertThat(grant(claim).renewedAt()).isEqualTo(clock.millis());
    }

    @Test
    void clockPutBack_redatesTheClaim_onWrite() {
        DefaultClaim claim = held(LEASE, PLAN);
        clock.advance(Duration.ofHours(-6));
        assertThat(
                        new AbstractWriter("rival", List.of(), committer) {}.tryPut(Key.text(PLAN), "x")
                                .isCommitted())
                .isFalse();
        assertThat(grant(claim).renewedAt()).isEqualTo(clock.millis());
    }

    @Test
    void endedClaim_keepsItsEnd() {
        DefaultClaim claim = held(LEASE, PLAN);
        claim.release();
        assertThat(endIfFree(claim)).isTrue();
        clock.advance(LEASE);
        assertThat(endIfFree(claim)).isTrue();
        assertThat(ending(claim)).isEqualTo(ClaimEnd.RELEASED);
        assertThat(grant(claim).end().orElseThrow().by()).isEqualTo("planner");
    }

    @Test
    void holder_ofHeldClaim_isReportedForTheRequestedKey() {
        DefaultClaim claim = held(LEASE, "a", PLAN, "z");
        assertThat(holder(claim, PLAN)).hasValueSatisfying(held -> {
            assertThat(held.key()).isEqualTo(PLAN);
            assertThat(held.holder().agent()).isEqualTo("planner");
        });
        assertThat(holder(claim, "none")).isEmpty();
        claim.release();
        assertThat(holder(claim, PLAN)).isEmpty();
    }

    @Test
    void multiKeyRequest_countsOnce_asBlocker() {
        held(LEASE, "a", "b");
        assertThat(waits(1, "a", "b").busy().heldBy())
                .extracting(ClaimInfo::key)
                .containsExactly("a");
        ClaimResult.Busy all =
                (ClaimResult.Busy) ((ClaimAttempt.Outcome.Refused) ask(2, Duration.ZERO, "a", "b")).result();
        assertThat(all.heldBy()).extracting(ClaimInfo::key).containsExactly("a", "b");
        assertThat(all.queuedAhead()).isEqualTo(1);
    }

    @Test
    void releaseAndRevoke_notifyWaitersOfTheKeys() {
        AtomicInteger looks = new AtomicInteger();
        try (CommitNotifier.Listener waiting = notifier.listen(List.of(PLAN), () -> looks.incrementAndGet() < 0)) {
            assertThat(waiting.hears()).isFalse();
            held(LEASE, "other").release();
            assertThat(looks).hasValue(0);
            held(LEASE, "other", PLAN).release();
            assertThat(looks).hasValue(1);
            held(LEASE, "other", PLAN);
            claims.revoke("rival", Key.text("other"));
            assertThat(looks).hasValue(2);
        }
    }

    @Test
    void leaseTooShortForHeartbeats_isExtended() {
        Duration shortest = BEAT.multipliedBy(3);
        assertThat(claims.bearable(shortest.minusMillis(1))).isEqualTo(shortest);
        assertThat(claims.bearable(shortest)).isEqualTo(shortest);
        assertThat(claims.bearable(shortest.plusMillis(1))).isEqualTo(shortest.plusMillis(1));
    }

    /** Returns the departure of a request that no caller knows. */
    private Departure departure(String agent, String nonce) {
        return new Departure(claims.grants, spec(agent, nonce, 1, LONG, List.of(PLAN)), false);
    }

    @Test
    void claimOfUnknownOutcome_isReleased_byItsNonceOnly() {
        DefaultClaim claim = held(LEASE, PLAN);
        OutcomeUnknownException unknown = new OutcomeUnknownException(
                new CommitId("0".repeat(32), 1, 1, number(claim)), "unknown", new Exception("disk"));
        claims.heldClaims.abandon(departure("other", "fedcba9876543210"), unknown);
        assertThat(grant(claim).end()).isEmpty();
        claims.heldClaims.abandon(departure("giver", grant(claim).nonce()), unknown);
        assertThat(ending(claim)).isEqualTo(ClaimEnd.RELEASED);
        assertThat(grant(claim).end().orElseThrow().by()).isEqualTo("giver");
        long before = queue.submit(WriteTransaction::lastSequence);
        claims.heldClaims.abandon(departure("again", grant(claim).nonce()), unknown);
        assertThat(queue.submit(WriteTransaction::lastSequence)).isEqualTo(before);
        assertThat(unknown.getSuppressed()).isEmpty();
    }

    @Test
    void failedRelease_isSuppressedInTheException() throws Exception {
        DefaultClaim claim = held(LEASE, PLAN);
        OutcomeUnknownException unknown = new OutcomeUnknownException(
                new CommitId("0".repeat(32), 1, 1, number(claim)), "unknown", new Exception("disk"));
        whileLocked(
                () -> claims.heldClaims.abandon(departure("giver", grant(claim).nonce()), unknown));
        assertThat(unknown.getSuppressed()).singleElement().isInstanceOf(WriteLockTimeoutException.class);
        assertThat(grant(claim).end()).isEmpty();
    }

    /** Pins one snapshot of this process and two of another, which is live by its last heartbeat. */
    private List<Long> pins(List<Long> processes) {
        return queue.submit(scope -> {
            List<Long> pins = new ArrayList<>();
            long other = scope.claims().registerProcess(new ProcessProbe().own(), scope.now());
            processes.add(other);
            pins.add(scope.time().insertPin(other, 0, LEASE, scope.now()));
            pins.add(scope.time().insertPin(scope.process(), 1, LEASE, scope.now()));
            pins.add(scope.time().insertPin(other, 2, LEASE.multipliedBy(2), scope.now()));
            return pins;
        });
    }

    private List<Long> live() {
        return queue.submit(scope ->
                claims.reclaimPins(scope).stream().map(TimeTables.Pin::id).toList());
    }

    private List<Long> kept() {
        return reads.read(session ->
                new TimeTables(session).pins().stream().map(TimeTables.Pin::id).toList());
    }

    @Test
    void snapshotPin_isKeptWhileItsProcessIsLive_ownAlways() {
        held(LEASE, PLAN).renew();
        List<Long> pins = pins(new ArrayList<>());
        assertThat(live()).isEqualTo(pins);
        clock.pass(LEASE);
        assertThat(live()).isEqualTo(pins);
        clock.pass(Duration.ofMillis(1));
        assertThat(live()).isEqualTo(pins.subList(1, 3));
        assertThat(kept()).isEqualTo(pins.subList(1, 3));
        clock.pass(BEAT.multipliedBy(24));
        assertThat(live()).isEqualTo(pins.subList(1, 2));
        assertThat(kept()).isEqualTo(pins.subList(1, 2));
    }

    @Test
    void clockPutBack_redatesHeartbeatsOfSnapshots() {
        held(LEASE, PLAN).renew();
        List<Long> processes = new ArrayList<>();
        pins(processes);
        clock.advance(Duration.ofHours(-6));
        assertThat(live()).hasSize(3);
        queue.change(scope -> assertThat(
                        scope.claims().process(processes.get(0)).orElseThrow().heartbeatAt())
                .isEqualTo(clock.millis()));
    }

    @Test
    void processWithSnapshots_closing_staysOpen() {
        held(LEASE, PLAN).renew();
        List<Long> processes = new ArrayList<>();
        List<Long> pins = pins(processes);
        queue.change(scope -> scope.claims().closeProcess(processes.get(0), scope.now()));
        queue.change(scope -> assertThat(
                        scope.claims().process(processes.get(0)).orElseThrow().closed())
                .isFalse());
        assertThat(live()).isEqualTo(pins);
    }

    @Test
    void heartbeat_runsForClaimsWithHeartbeats_andOnRequest() {
        DefaultClaim alone = held(LEASE, "alone");
        waits(1, "alone");
        waits(2, "alone");
        assertThat(beats(claims.heartbeat)).isFalse();
        DefaultClaim carried = held(CARRIED, PLAN);
        assertThat(beats(claims.heartbeat)).isTrue();
        alone.release();
        assertThat(beats(claims.heartbeat)).isTrue();
        carried.release();
        assertThat(beats(claims.heartbeat)).isFalse();
        claims.heartbeat.needed();
        assertThat(beats(claims.heartbeat)).isTrue();
        claims.heartbeat.notNeeded();
        assertThat(beats(claims.heartbeat)).isFalse();
    }

    @Test
    void closedClaims_startNoHeartbeat() {
        Set<Thread> before = heartbeatThreads();
        claims.close();
        claims.heartbeat.needed();
        assertThat(heartbeatThreads()).isSubsetOf(before);
    }

    @Test
    void closing_leavesOnlyClaimsWithoutHeartbeats() {
        DefaultClaim alone = held(LEASE, "alone");
        DefaultClaim carried = held(CARRIED, PLAN);
        waits(1, PLAN);
        List<Long> pins = pins(new ArrayList<>());
        claims.close();
        assertThat(ending(carried)).isEqualTo(ClaimEnd.RELEASED);
        assertThat(grant(alone).end()).isEmpty();
        long process = queue.process().orElseThrow();
        assertThat(kept()).containsExactly(pins.get(0), pins.get(2));
        boolean closed = reads.read(session -> {
            ClaimTables tables = new ClaimTables(session);
            assertThat(tables.waitersOf(process, NOBODY + 1)).isEmpty();
            return tables.process(process).orElseThrow().closed();
        });
        assertThat(closed).isTrue();
    }
}
