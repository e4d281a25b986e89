package dev.fencepost.laws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fencepost.Agent;
import dev.fencepost.Claim;
import dev.fencepost.ClaimInfo;
import dev.fencepost.Codec;
import dev.fencepost.FencedException;
import dev.fencepost.InvalidInputException;
import dev.fencepost.Key;
import dev.fencepost.Lease;
import dev.fencepost.Snapshot;
import dev.fencepost.Store;
import dev.fencepost.history.PruneReport;
import dev.fencepost.history.PrunedException;
import dev.fencepost.saga.SagaDefinition;
import dev.fencepost.saga.StoreStep;
import dev.fencepost.testing.SettableClock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The history of claims that have ended is pruned by a rule, and only then; claims that are held are not. */
class ClaimRetentionTest extends LawTest {
    private static final Key<String> KEY = Key.text("k");
    private static final Key<String> HELD = Key.text("held");
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Lease LEASE = Lease.withoutHeartbeats(Duration.ofDays(300));

    private final SettableClock clock = new SettableClock();
    private Store store;
    private Agent agent;

    @BeforeEach
    void openStore() {
        store = open(config().withClock(clock).withElapsedTime(clock::nanos));
        agent = store.agent("a");
    }

    private void claimAndRelease(int times) {
        for (int i = 0; i < times; i++) {
            Claim claim = agent.claim(List.of(KEY, Key.text("other")), LEASE, Duration.ZERO)
                    .orThrow();
            claim.put(KEY, "under claim " + i);
            claim.release();
        }
    }

    private long last() {
        try (Snapshot now = store.snapshot()) {
            return now.sequence();
        }
    }

    private PruneReport run() {
        return agent.retention().apply();
    }

    @Test
    void endedClaims_withoutARule_areKept() {
        claimAndRelease(3);
        clock.pass(Duration.ofDays(36_500));
        assertThat(run()).isEqualTo(new PruneReport(0, 0, 0));
        assertThat(store.snapshotAt(1).claims()).hasSize(2);
    }

    @Test
    void endedClaims_olderThanTheRule_arePruned() {
        Claim held = agent.claim(HELD, LEASE).orThrow();
        claimAndRelease(150);
        agent.retention().setClaimAge(HOUR);
        assertThat(agent.retention().claimAge()).contains(HOUR);
        assertThat(run().claims()).isZero();
        clock.pass(HOUR);
        claimAndRelease(2);
        assertThat(run()).isEqualTo(new PruneReport(0, 0, 150, 0));
        assertThat(run().claims()).isZero();
        assertThat(store.claims()).extracting(ClaimInfo::key).containsExactly("held");
        held.put(HELD, "still held");
        assertThat(agent.claim(KEY, LEASE).orThrow().epoch(KEY)).isEqualTo(153);
        assertThat(store.check().findings()).isEmpty();
        agent.retention().removeClaimAge();
        assertThat(agent.retention().claimAge()).isEmpty();
        clock.pass(HOUR.multipliedBy(2));
        assertThat(run().claims()).isZero();
    }

    @Test
    void prunedClaims_atPastSequence_areReportedPruned() {
        claimAndRelease(1);
        long ended = last();
        agent.retention().setClaimAge(Duration.ZERO);
        assertThat(run().claims()).isEqualTo(1);
        for (long place = 0; place < ended; place++) {
            Snapshot then = store.snapshotAt(place);
            assertThatThrownBy(then::claims)
                    .isInstanceOf(PrunedException.class)
                    .hasMessageContaining("Use sequence " + ended + " or later");
            assertThatThrownBy(then::sagas).isInstanceOf(PrunedException.class);
            then.close();
        }
        assertThat(store.snapshotAt(ended).claims()).isEmpty();
    }

    @Test
    void claimsInAnOpenSnapshot_areNotPruned() {
        Claim claim = agent.claim(KEY, LEASE).orThrow();
        try (Snapshot then = store.snapshot()) {
            claim.release();
            claimAndRelease(1);
            agent.retention().setClaimAge(Duration.ZERO);
            assertThat(run().claims()).isZero();
            assertThat(then.claims()).extracting(ClaimInfo::key).containsExactly("k");
        }
        assertThat(run().claims()).isEqualTo(2);
    }

    @Test
    void holderOfAPrunedClaim_isFenced() {
        Claim zombie = agent.claim(KEY, LEASE).orThrow();
        agent.revoke(KEY);
        agent.retention().setClaimAge(Duration.ZERO);
        assertThat(run().claims()).isEqualTo(1);
        assertThatThrownBy(() -> zombie.put(KEY, "late")).isInstanceOf(FencedException.class);
        assertThatThrownBy(zombie::renew).isInstanceOf(FencedException.class);
        assertThatThrownBy(() -> agent.resume(zombie.token())).isInstanceOf(FencedException.class);
        zombie.close();
        assertThat(store.get(KEY)).isEmpty();
        assertThat(store.check().findings()).isEmpty();
    }

    @Test
    void claimsOfSagas_arePruned_andTheirJournalsStay() {
        agent.sagas()
                .run(SagaDefinition.of("d", 1, Codec.text()).step(StoreStep.of("s", (tx, step) -> "done")), "one", "x");
        agent.retention().setClaimAge(Duration.ZERO);
        assertThat(run().claims()).isEqualTo(1);
        assertThat(agent.sagas().find("one").orElseThrow().journal()).isNotEmpty();
        assertThat(store.check().findings()).isEmpty();
    }

    @Test
    void severalRuns_atOnce_pruneEachClaimOnce() {
        claimAndRelease(200);
        agent.retention().setClaimAge(Duration.ZERO);
        Store other = open(config().withClock(clock).withElapsedTime(clock::nanos));
        long pruned = List.of(store, other, store).parallelStream()
                .mapToLong(each -> each.agent("keeper").retention().apply().claims())
                .sum();
        assertThat(pruned).isEqualTo(200);
        assertThat(store.check().findings()).isEmpty();
    }

    @Test
    void clockAhead_prunesNoYoungClaims() {
        claimAndRelease(1);
        clock.advance(HOUR.multipliedBy(2));
        agent.retention().setClaimAge(HOUR);
        assertThat(run().claims()).isZero();
    }

    @Test
    void ageOutOfBounds_isRefused() {
        assertThatThrownBy(() -> agent.retention().setClaimAge(Duration.ofMillis(-1)))
                .isInstanceOf(InvalidInputException.class);
        assertThatThrownBy(() -> agent.retention().setClaimAge(Duration.ofDays(36_501)))
                .isInstanceOf(InvalidInputException.class);
    }
}
