package dev.fencepost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fencepost.testing.SettableClock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Operations on claims, and the contents of each refusal. */
class ClaimsTest {
    private static final Key<String> PLAN = Key.text("plans/launch");
    private static final Key<String> OTHER = Key.text("plans/other");
    private static final Lease LEASE = Lease.of(Duration.ofSeconds(30));

    @TempDir
    Path folder;

    private SettableClock clock;
    private Store store;
    private Agent planner;
    private Agent rival;

    @BeforeEach
    void open() {
        clock = new SettableClock();
        store = Store.open(StoreConfig.of(folder.resolve("agents.db")).withClock(clock));
        planner = store.agent("planner");
        rival = store.agent("rival");
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void claim_isExclusive_andNamesTheHolder() {
        Claim claim = planner.claim(PLAN, LEASE).orThrow();
        assertThat(claim.epoch(PLAN)).isEqualTo(1);
        ClaimResult.Busy busy = (ClaimResult.Busy) rival.claim(PLAN, LEASE);
        assertThat(busy.heldBy()).singleElement().satisfies(held -> {
            assertThat(held.holder().agent()).isEqualTo("planner");
            assertThat(held.epoch()).isEqualTo(1);
            assertThat(held.expiresAt()).isEqualTo(clock.instant().plusSeconds(30));
        });
        Claimed<String> claimed = (Claimed<String>) rival.tryPut(PLAN, "mine");
        assertThat(claimed.by().holder().agent()).isEqualTo("planner");
        claim.release();
        assertThat(rival.tryPut(PLAN, "mine").isCommitted()).isTrue();
    }

    @Test
    void severalKeys_areAllOrNone() {
        Claim other = rival.claim(OTHER, LEASE).orThrow();
        assertThat(planner.claim(List.of(PLAN, OTHER), LEASE, Duration.ZERO)).isInstanceOf(ClaimResult.Busy.class);
        assertThat(store.claims()).extracting(ClaimInfo::key).containsExactly(OTHER.name());
        other.release();
        try (Claim both =
                planner.claim(List.of(OTHER, PLAN), LEASE, Duration.ZERO).orThrow()) {
            assertThat(both.keys()).containsExactly(PLAN.name(), OTHER.name());
            both.put(PLAN, "a");
            both.put(OTHER, "b");
        }
        assertThat(store.claims()).isEmpty();
    }

    @Test
    void claim_fencesWritesOfOtherKeys_andRespectsTheirClaims() {
        Claim leader = planner.claim(Key.text("leader"), LEASE).orThrow();
        leader.put(PLAN, "by the leader");
        try (Claim held = rival.claim(OTHER, LEASE).orThrow()) {
            assertThatThrownBy(() -> leader.put(OTHER, "no")).isInstanceOf(ClaimedException.class);
            held.put(OTHER, "yes");
        }
        rival.revoke(Key.text("leader"));
        assertThatThrownBy(() -> leader.put(PLAN, "late")).isInstanceOf(FencedException.class);
    }

    @Test
    void fencedException_namesEpochAndClaimEnd() {
        Claim claim = planner.claim(PLAN, LEASE).orThrow();
        assertThat(rival.revoke(PLAN)).extracting(ClaimInfo::epoch).containsExactly(1L);
        assertThat(rival.revoke(PLAN)).isEmpty();
        assertThatThrownBy(() -> claim.put(PLAN, "late")).isInstanceOfSatisfying(FencedException.class, e -> {
            LostClaim lost = e.lost().get(0);
            assertThat(lost.epoch()).isEqualTo(1);
            assertThat(lost.presentEpoch()).isEqualTo(2);
            assertThat(lost.ending()).isEqualTo(ClaimEnd.REVOKED);
            assertThat(lost.endedBy()).contains("rival");
            assertThat(e.retryable()).isFalse();
        });
        assertThatThrownBy(claim::renew).isInstanceOf(FencedException.class);
        assertThatThrownBy(claim::release).isInstanceOf(FencedException.class);
        claim.close();
    }

    @Test
    void token_resumesItsClaim_inItsStoreOnly() {
        ClaimToken token = planner.claim(PLAN, LEASE).orThrow().token();
        Claim resumed = rival.resume(new ClaimToken(token.text()));
        resumed.put(PLAN, "for the planner");
        ClaimToken forged =
                new ClaimToken(token.text().substring(0, token.text().length() - 16) + "0123456789abcdef");
        assertThatThrownBy(() -> rival.resume(forged)).isInstanceOf(FencedException.class);
        try (Store elsewhere = Store.open(folder.resolve("elsewhere.db"))) {
            elsewhere.agent("a").claim(PLAN, LEASE).orThrow();
            assertThatThrownBy(() -> elsewhere.agent("a").resume(token)).isInstanceOf(FencedException.class);
        }
        assertThatThrownBy(() -> new ClaimToken("no token")).isInstanceOf(InvalidInputException.class);
    }

    @Test
    void renew_restartsTheLease() {
        Claim claim = planner.claim(PLAN, Lease.withoutHeartbeats(Duration.ofSeconds(5)))
                .orThrow();
        clock.advance(Duration.ofSeconds(4));
        assertThat(claim.renew()).isEqualTo(clock.instant().plusSeconds(5));
        clock.advance(Duration.ofSeconds(4));
        assertThat(rival.claim(PLAN, LEASE)).isInstanceOf(ClaimResult.Busy.class);
        clock.advance(Duration.ofSeconds(1));
        assertThat(rival.claim(PLAN, LEASE)).isInstanceOf(ClaimResult.Granted.class);
    }

    @Test
    void expiredClaim_isHeldUntilTakeover() {
        Claim claim = planner.claim(PLAN, Lease.withoutHeartbeats(Duration.ofSeconds(5)))
                .orThrow();
        clock.advance(Duration.ofDays(1));
        claim.put(PLAN, "late, but accepted");
        assertThat(rival.tryPut(PLAN, "taken over").isCommitted()).isTrue();
        assertThat(rival.tryPut(PLAN, "written again").isCommitted()).isTrue();
        assertThatThrownBy(() -> claim.put(PLAN, "too late"))
                .isInstanceOfSatisfying(
                        FencedException.class,
                        e -> assertThat(e.lost().get(0).ending()).isEqualTo(ClaimEnd.LEASE_EXPIRED));
    }

    @Test
    void expiredClaimOnAbsentKey_isTakenOverByDeletion() {
        Claim claim = planner.claim(PLAN, Lease.withoutHeartbeats(Duration.ofSeconds(5)))
                .orThrow();
        clock.advance(Duration.ofSeconds(5));
        rival.transact(tx -> {
            tx.delete(PLAN);
            return "";
        });
        assertThat(store.claims()).isEmpty();
        assertThatThrownBy(() -> claim.put(PLAN, "late")).isInstanceOf(FencedException.class);
        assertThat(store.get(PLAN)).isEmpty();
    }

    @Test
    void maxHold_endsEvenClaimsWithHeartbeats() {
        Claim claim = planner.claim(PLAN, LEASE.maxHold(Duration.ofMinutes(2))).orThrow();
        clock.advance(Duration.ofMinutes(2));
        assertThat(rival.claim(PLAN, LEASE)).isInstanceOf(ClaimResult.Granted.class);
        assertThatThrownBy(claim::renew)
                .isInstanceOfSatisfying(
                        FencedException.class,
                        e -> assertThat(e.lost().get(0).ending()).isEqualTo(ClaimEnd.HELD_TOO_LONG));
    }

    @Test
    void claimParameters_atBoundsAreAccepted_beyondThemRefused() {
        List<Key<String>> most =
                IntStream.rangeClosed(1, 64).mapToObj(i -> Key.text("key-" + i)).toList();
        Duration hour = Duration.ofHours(1);
        planner.claim(most, Lease.of(Duration.ofSeconds(3)), hour).orThrow();
        assertThat(rival.revoke(most.get(7))).hasSize(64);
        List<Key<String>> more = new ArrayList<>(most);
        more.add(PLAN);
        assertThatThrownBy(() -> planner.claim(more, LEASE, Duration.ZERO))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("65 keys");
        assertThatThrownBy(() -> planner.claim(PLAN, LEASE, hour.plusNanos(1)))
                .isInstanceOf(InvalidInputException.class);
        assertThatThrownBy(() -> planner.claim(PLAN, LEASE, Duration.ofNanos(-1)))
                .isInstanceOf(InvalidInputException.class);
        assertThatThrownBy(() -> planner.claim(PLAN, Lease.of(Duration.ofMillis(2_999))))
                .isInstanceOf(InvalidInputException.class);
        try (Store strict = Store.open(StoreConfig.of(folder.resolve("b.db")).withMaxKeyBytes(5))) {
            assertThatThrownBy(() -> strict.agent("a").claim(PLAN, LEASE)).isInstanceOf(InvalidInputException.class);
            assertThat(strict.claims()).isEmpty();
        }
    }

    @Test
    void claims_haveRandomTokens_andNameKeysAndAgent() {
        Claim first = planner.claim(PLAN, LEASE).orThrow();
        assertThat(first).hasToString("claim on [plans/launch] as planner");
        assertThatThrownBy(() -> first.epoch(OTHER))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("plans/launch");
        Claim second = planner.claim(OTHER, LEASE).orThrow();
        assertThat(first.token().text())
                .doesNotEndWith(
                        second.token().text().substring(second.token().text().length() - 16));
        first.release();
        assertThatThrownBy(first::release).isInstanceOf(FencedException.class);
        first.close();
        assertThat(store.claims()).extracting(ClaimInfo::key).containsExactly(OTHER.name());
    }

    @Test
    void clockPutBack_extendsAClaimByOneLeaseAtMost() {
        planner.claim(PLAN, Lease.withoutHeartbeats(Duration.ofSeconds(5))).orThrow();
        clock.advance(Duration.ofHours(-6));
        assertThat(rival.claim(PLAN, LEASE)).isInstanceOf(ClaimResult.Busy.class);
        clock.advance(Duration.ofSeconds(5));
        assertThat(rival.claim(PLAN, LEASE)).isInstanceOf(ClaimResult.Granted.class);
    }

    @Test
    void invalidLeaseKeysOrWait_areRefused() {
        assertThatThrownBy(() -> planner.claim(PLAN, Lease.of(Duration.ofSeconds(2))))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("PT3S");
        assertThatThrownBy(() -> planner.claim(List.of(), LEASE, Duration.ZERO))
                .isInstanceOf(InvalidInputException.class);
        assertThatThrownBy(() -> planner.claim(PLAN, LEASE, Duration.ofDays(1)))
                .isInstanceOf(InvalidInputException.class);
        assertThatThrownBy(() -> Lease.of(Duration.ZERO)).isInstanceOf(InvalidInputException.class);
    }

    @Test
    void closingStore_releasesOnlyClaimsWithHeartbeats() {
        planner.claim(PLAN, LEASE).orThrow();
        planner.claim(OTHER, Lease.withoutHeartbeats(Duration.ofHours(1))).orThrow();
        Claim third = rival.claim(Key.text("third"), LEASE).orThrow();
        store.close();
        open();
        assertThat(store.claims()).extracting(ClaimInfo::key).containsExactly(OTHER.name());
        assertThatThrownBy(() -> store.agent("rival").resume(third.token()))
                .isInstanceOfSatisfying(FencedException.class, e -> {
                    assertThat(e.lost().get(0).ending()).isEqualTo(ClaimEnd.RELEASED);
                    assertThat(e.lost().get(0).endedBy()).contains("rival");
                });
    }

    @Test
    void waitingForOneself_isADeadlock() {
        planner.claim(PLAN, LEASE).orThrow();
        assertThat(planner.claim(PLAN, LEASE, Duration.ofMinutes(1))).isInstanceOf(ClaimResult.Deadlock.class);
    }

    @Test
    void expiredClaim_stillCountsInDeadlockDetection() throws Exception {
        Key<String> third = Key.text("third");
        Lease hour = Lease.withoutHeartbeats(Duration.ofHours(1));
        ExecutorService holder = Executors.newSingleThreadExecutor();
        ExecutorService waiter = Executors.newSingleThreadExecutor();
        try {
            holder.submit(() -> rival.claim(third, hour).orThrow()).get();
            waiter.submit(() -> rival.claim(OTHER, hour).orThrow()).get();
            planner.claim(PLAN, Lease.withoutHeartbeats(Duration.ofSeconds(5))).orThrow();
            clock.advance(Duration.ofSeconds(6));
            Future<ClaimResult> queued =
                    waiter.submit(() -> rival.claim(List.of(PLAN, third), hour, Duration.ofMinutes(1)));
            while (((ClaimResult.Busy) rival.claim(third, hour)).queuedAhead() == 0) {
                Thread.onSpinWait();
            }
            assertThat(planner.claim(OTHER, LEASE, Duration.ofSeconds(20))).isInstanceOf(ClaimResult.Deadlock.class);
            store.agent("operator").revoke(third);
            assertThat(queued.get()).isInstanceOf(ClaimResult.Granted.class);
        } finally {
            holder.shutdown();
            waiter.shutdown();
        }
    }

    @Test
    void transaction_underAClaim_isFenced() {
        Claim claim = planner.claim(PLAN, LEASE).orThrow();
        claim.transact(tx -> {
            tx.put(PLAN, "a");
            return null;
        });
        planner.transact(tx -> {
            tx.fencedBy(claim);
            tx.put(PLAN, tx.get(PLAN).orElseThrow().value() + "b");
            return null;
        });
        assertThat(store.get(PLAN).orElseThrow().value()).isEqualTo("ab");
        rival.revoke(PLAN);
        assertThatThrownBy(() -> claim.transact(tx -> tx.get(OTHER))).isInstanceOf(FencedException.class);
    }
}
