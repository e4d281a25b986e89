package dev.fencepost.internal.claim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fencepost.ClaimInfo;
import dev.fencepost.ClaimResult;
import dev.fencepost.Key;
import dev.fencepost.Lease;
import dev.fencepost.Store;
import dev.fencepost.StoreConfig;
import dev.fencepost.internal.claim.ClaimAttempt.Outcome;
import dev.fencepost.internal.commit.FencingToken;
import dev.fencepost.internal.commit.WriteTransaction;
import dev.fencepost.internal.process.ProcessProbe;
import dev.fencepost.internal.sql.ClaimKeyRow;
import dev.fencepost.internal.sql.ClaimRow;
import dev.fencepost.internal.sql.ClaimTables;
import dev.fencepost.internal.sql.KeyRow;
import dev.fencepost.internal.sql.ProcessFingerprint;
import dev.fencepost.internal.sql.VersionTables;
import dev.fencepost.internal.sql.WaiterRow;
import dev.fencepost.internal.util.Deadline;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** Claims that are handed over to waiting requests in the commit that frees their keys. */
class ClaimHandoverTest extends ClaimFixture {
    private static final Duration LEASE = Duration.ofSeconds(5);
    /** A number that is above those of all processes. */
    private static final long NO_PID = 1L << 30;

    /** Returns the claim on a key; empty if it is free. */
    private Optional<ClaimRow> on(String key) {
        return reads.read(session -> {
            KeyRow row = new VersionTables(session).key(key);
            return row.claim().map(new ClaimTables(session)::holder);
        });
    }

    private void assertHeldBy(long thread, String key) {
        assertThat(on(key).map(ClaimRow::thread)).as(key).contains(NOBODY + thread);
    }

    @Test
    void released_isGrantedToTheFirst_withItsTerms() {
        DefaultClaim held = held(LEASE, PLAN);
        Outcome.Queued first = waits(1, PLAN);
        Outcome.Queued second = waits(2, PLAN);
        clock.advance(Duration.ofSeconds(1));
        held.release();
        assertHeldBy(1, PLAN);
        ClaimRow granted = on(PLAN).orElseThrow();
        assertThat(granted.nonce()).isEqualTo("0000000000000001");
        assertThat(granted.grantedAt()).isEqualTo(clock.millis());
        assertThat(granted.expiresAt()).isEqualTo(clock.millis() + DAY.toMillis());
        assertThat(isQueued(first)).isFalse();
        assertThat(isQueued(second)).isTrue();
        List<ClaimKeyRow> keys = reads.read(session -> new ClaimTables(session).keysOf(granted.id()));
        assertThat(keys).singleElement().extracting(ClaimKeyRow::epoch).isEqualTo(2L);
    }

    @Test
    void revoked_isGrantedToTheFirst() {
        held(LEASE, PLAN);
        waits(1, PLAN);
        claims.revoke("operator", Key.text(PLAN));
        assertHeldBy(1, PLAN);
    }

    /** After a loss of power no waiter is left. But a number that was given to a holder must not be given again. */
    @Test
    void grant_mustSurvive_queuedRequestNeedNot() {
        DefaultClaim held = held(LEASE, PLAN);
        ClaimAttempt queued =
                new ClaimAttempt(spec(1, LONG, List.of(PLAN)), liveness, claims.grants, Optional.empty(), true);
        assertThat(queued.isForcedLate()).isTrue();
        assertThat(queued.mustSurvive(queue.submit(queued))).isFalse();
        held.release();
        ClaimAttempt granted =
                new ClaimAttempt(spec(2, LONG, List.of("other")), liveness, claims.grants, Optional.empty(), true);
        assertThat(granted.mustSurvive(queue.submit(granted))).isTrue();
    }

    @Test
    void waiterPastItsWait_isSkipped() {
        DefaultClaim held = held(LONG.multipliedBy(2), PLAN);
        Outcome.Queued over = waits(1, PLAN);
        clock.advance(LONG.plusMillis(1));
        Outcome.Queued next = waits(2, PLAN);
        held.release();
        assertHeldBy(2, PLAN);
        assertThat(isQueued(over)).isFalse();
        assertThat(isQueued(next)).isFalse();
    }

    @Test
    void deadWaiter_isSkipped() {
        ProcessFingerprint own = new ProcessProbe().own();
        ProcessFingerprint dead = new ProcessFingerprint(NO_PID, "1", own.boot(), own.namespace(), own.timeNamespace());
        DefaultClaim held = held(LEASE, PLAN);
        queue.change(scope -> {
            long process = scope.claims().registerProcess(dead, scope.now());
            scope.claims().describeProcess(process, dead.timeNamespace(), OptionalLong.empty());
            insert(spec(1, LONG, List.of(PLAN)).request(process, scope.now() + LONG.toMillis()), PLAN, scope);
        });
        waits(2, PLAN);
        held.release();
        assertHeldBy(2, PLAN);
    }

    private static void insert(WaiterRow request, String key, WriteTransaction scope) {
        scope.claims().insertWaiter(request, scope.now(), List.of(scope.values().key(key)));
    }

    @Test
    void severalKeys_areGranted_onceAllAreFree_inOrder() {
        DefaultClaim a = held(LEASE, "a");
        DefaultClaim b = held(LEASE, "b");
        waits(1, "a", "b");
        waits(2, "b");
        a.release();
        assertThat(on("a")).isEmpty();
        b.release();
        assertHeldBy(1, "a");
        assertHeldBy(1, "b");
        assertThat(on("a")).isEqualTo(on("b"));
    }

    @Test
    void oneCommit_handsOverEachOfItsKeys() {
        DefaultClaim held = held(LEASE, "a", "b", "c");
        waits(1, "c");
        waits(2, "a");
        held.release();
        assertHeldBy(2, "a");
        assertThat(on("b")).isEmpty();
        assertHeldBy(1, "c");
    }

    @Test
    void lostPlace_freesItsOtherKeysToo() {
        DefaultClaim a = held(LONG.multipliedBy(2), "a");
        waits(1, "a", "b");
        clock.advance(LONG.plusMillis(1));
        queue.change(scope -> {
            insert(spec(2, LONG, List.of("b")).request(scope.process(), scope.now() + 1000), "b", scope);
        });
        a.release();
        assertHeldBy(2, "b");
    }

    @Test
    void takeover_handsOverTheOtherKeysOfTheClaim() {
        held(LEASE, "a", "b");
        waits(1, "b");
        clock.advance(LEASE);
        DefaultClaim taken = held(LEASE, "a");
        assertHeldBy(1, "b");
        assertThat(on("a").map(ClaimRow::id)).contains(number(taken));
    }

    @Test
    void writeThatTakesOver_handsOverAfterIt() {
        held(LEASE, PLAN, "other");
        waits(1, PLAN);
        clock.advance(LEASE);
        try (Store elsewhere = store()) {
            elsewhere.agent("writer").put(Key.text(PLAN), "written");
        }
        assertHeldBy(1, PLAN);
        assertThat(on("other")).isEmpty();
    }

    @Test
    void signal_tellsOfItsOwnTicketOnly() {
        DefaultClaim held = held(LEASE, PLAN);
        ClaimAttempt.ClaimSpec spec = spec(1, LONG, List.of(PLAN));
        GrantSignal signal = claims.waiting.add(spec);
        Outcome.Queued queued = waits(1, PLAN);
        assertThat(signal.claimFor(queued.ticket())).isEmpty();
        held.release();
        FencingToken granted = signal.claimFor(queued.ticket()).orElseThrow();
        assertThat(granted.token().claim()).isEqualTo(on(PLAN).orElseThrow().id());
        assertThat(granted.keys()).containsExactly(new FencingToken.KeyEpoch(PLAN, 2));
        assertThat(signal.claimFor(queued.ticket() + 1)).isEmpty();
    }

    @Test
    void failedRelease_tellsNoWaiter() throws Exception {
        DefaultClaim held = held(LEASE, PLAN);
        GrantSignal signal = claims.waiting.add(spec(1, LONG, List.of(PLAN)));
        Outcome.Queued queued = waits(1, PLAN);
        whileLocked(held::abandon);
        assertThat(signal.claimFor(queued.ticket())).isEmpty();
        claims.heartbeat.beat();
        assertThat(signal.claimFor(queued.ticket())).isPresent();
    }

    @Test
    void lostSignal_isFoundByTheNextAttempt() {
        DefaultClaim held = held(LEASE, PLAN);
        Outcome.Queued queued = waits(1, PLAN);
        held.release();
        Outcome answer = attempt(queued);
        assertThat(((Outcome.Granted) answer).claim().token().claim())
                .isEqualTo(on(PLAN).orElseThrow().id());
    }

    private Outcome attempt(Outcome.Queued queued) {
        return queue.submit(new ClaimAttempt(
                spec(1, LONG, List.of(PLAN)), liveness, claims.grants, Optional.of(queued.ticket()), false));
    }

    @Test
    void endedGrant_isNotTakenForTheOwn() {
        DefaultClaim held = held(LEASE, PLAN);
        Outcome.Queued queued = waits(1, PLAN);
        held.release();
        claims.revoke("operator", Key.text(PLAN));
        held(LEASE, PLAN);
        Outcome answer = attempt(queued);
        assertThat(((Outcome.Queued) answer).ticket()).isGreaterThan(queued.ticket());
    }

    @Test
    void waiterThatGivesUp_takesTheGrant_orGivesItBack() {
        ClaimAttempt.ClaimSpec spec = spec(1, LONG, List.of(PLAN));
        DefaultClaim held = held(LEASE, PLAN);
        waits(1, PLAN);
        waits(2, PLAN);
        held.release();
        Optional<FencingToken> taken = queue.submit(new Departure(claims.grants, spec, true));
        assertThat(taken.orElseThrow().token().claim())
                .isEqualTo(on(PLAN).orElseThrow().id());
        assertHeldBy(1, PLAN);
        assertThat(queue.submit(new Departure(claims.grants, spec, false))).isEmpty();
        assertHeldBy(2, PLAN);
    }

    @Test
    void waiterThatLeaves_passesItsTurn() {
        held(LEASE, "a");
        waits(1, "a", "b");
        waits(2, "b");
        assertThat(queue.submit(new Departure(claims.grants, spec(1, LONG, List.of("a", "b")), true)))
                .isEmpty();
        assertHeldBy(2, "b");
    }

    @Test
    void timedOutWait_thatWasGranted_returnsTheClaim() {
        DefaultClaim held = held(LEASE, PLAN);
        Outcome.Queued queued = waits(1, PLAN);
        ClaimWaiter waiter = waiter(spec(1, LONG, List.of(PLAN)), queued, notifier);
        // The last check sees the claim held; it is released before the request leaves the queue.
        Outcome answer = waiter.await(Duration.ofMillis(1), () -> {
            if (on(PLAN).orElseThrow().id() == number(held)) {
                held.release();
            }
            return true;
        });
        assertThat(answer).isInstanceOf(Outcome.Granted.class);
        assertHeldBy(1, PLAN);
        // Its lease needs no heartbeats, but begins with the first.
        assertThat(beats(claims.heartbeat)).isTrue();
        assertThat(beats(claims.heartbeat)).isFalse();
    }

    /** Has another process wait, which lives, and hands the claim over to it. Returns its number. */
    private long handedOverElsewhere() {
        DefaultClaim held = held(LEASE, PLAN);
        long process = queue.submit(scope -> {
            long other = scope.claims().registerProcess(new ProcessProbe().own(), scope.now() - 1);
            insert(spec(1, LONG, List.of(PLAN)).request(other, scope.now() + LONG.toMillis()), PLAN, scope);
            return other;
        });
        held.release();
        assertHeldBy(1, PLAN);
        return process;
    }

    @Test
    void waiterThatStalls_losesItsGrant_likeItsPlace() {
        handedOverElsewhere();
        clock.advance(BEAT.multipliedBy(3).minusMillis(1));
        assertThat(claims.claim("rival", List.of(Key.text(PLAN)), Lease.of(DAY), Duration.ZERO))
                .isInstanceOf(ClaimResult.Busy.class);
        clock.advance(Duration.ofMillis(1));
        DefaultClaim taken = held(LEASE, PLAN);
        assertThat(taken.epoch(Key.text(PLAN))).isEqualTo(4);
    }

    @Test
    void waiterThatBeats_keepsItsGrant_forTheLease() {
        long process = handedOverElsewhere();
        queue.change(scope -> scope.claims().heartbeat(process, scope.now()));
        clock.advance(BEAT.multipliedBy(3).plusMillis(1));
        assertThat(claims.claim("rival", List.of(Key.text(PLAN)), Lease.of(DAY), Duration.ZERO))
                .isInstanceOf(ClaimResult.Busy.class);
    }

    @Test
    void closedStore_grantsNoneOfItsRequests() {
        held(LEASE, PLAN);
        GrantSignal signal = claims.waiting.add(spec(1, LONG, List.of(PLAN)));
        waits(1, PLAN);
        claims.close();
        assertThat(Deadline.after(LONG).sleepJittered(LONG, signal, "for the end"))
                .isTrue();
        assertThat(epochsInTheFile()).containsExactly(1L);
    }

    @Test
    void closedStore_givesBackWhatItDoesNotKnow() {
        DefaultClaim held = held(LEASE, PLAN);
        claims.waiting.add(spec(1, LONG, List.of(PLAN)));
        waits(1, PLAN);
        held.release();
        assertHeldBy(1, PLAN);
        claims.close();
        assertThat(epochsInTheFile()).isEmpty();
    }

    private Store store() {
        return Store.open(
                StoreConfig.of(folder.resolve("a.db")).withClock(clock).withHeartbeat(BEAT));
    }

    /** Returns the epochs of the held claims, by another store. */
    private List<Long> epochsInTheFile() {
        try (Store elsewhere = store()) {
            return elsewhere.claims("", 10).stream().map(ClaimInfo::epoch).toList();
        }
    }
}
