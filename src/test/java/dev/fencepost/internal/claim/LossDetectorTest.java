package dev.fencepost.internal.claim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fencepost.ClaimEnd;
import dev.fencepost.FencedException;
import dev.fencepost.Key;
import dev.fencepost.Lease;
import dev.fencepost.LostClaim;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** The stage that reports the loss of a claim to its holder. No commit is noticed, and no heartbeat is due. */
class LossDetectorTest extends ClaimFixture {
    private static CompletableFuture<LostClaim> lost(DefaultClaim claim) {
        return claim.lost().toCompletableFuture();
    }

    @Test
    void revokedClaim_isFoundByTheNextCheck() {
        DefaultClaim claim = held(LONG, PLAN);
        CompletableFuture<LostClaim> lost = lost(claim);
        claims.losses.look();
        claims.revoke("operator", Key.text(PLAN));
        claims.losses.look();
        LostClaim fenced = lost.join();
        assertThat(fenced.key()).isEqualTo(PLAN);
        assertThat(fenced.epoch()).isEqualTo(claim.epoch(Key.text(PLAN)));
        assertThat(fenced.ending()).isEqualTo(ClaimEnd.REVOKED);
    }

    @Test
    void expiredClaim_isLostOnlyWhenTakenOver() {
        DefaultClaim claim = held(LONG, PLAN);
        DefaultClaim other = held(LONG, "other");
        CompletableFuture<LostClaim> lost = lost(claim);
        clock.advance(LONG);
        claims.losses.look();
        assertThat(lost).isNotDone();
        DefaultClaim next = held(LONG, PLAN);
        claims.losses.look();
        assertThat(lost.join().ending()).isEqualTo(ClaimEnd.LEASE_EXPIRED);
        assertThat(lost(next)).isNotDone();
        assertThat(lost(other)).isNotDone();
    }

    @Test
    void fencedWrite_completesTheStage_withoutACheck() {
        DefaultClaim claim = held(LONG, PLAN);
        CompletableFuture<LostClaim> lost = lost(claim);
        claims.losses.look();
        claims.revoke("operator", Key.text(PLAN));
        assertThatThrownBy(() -> claim.put(Key.text(PLAN), "x")).isInstanceOf(FencedException.class);
        assertThat(lost.join().ending()).isEqualTo(ClaimEnd.REVOKED);
    }

    @Test
    void fencedRelease_completesTheStage() {
        DefaultClaim claim = held(LONG, PLAN);
        CompletableFuture<LostClaim> lost = lost(claim);
        claims.losses.look();
        claims.revoke("operator", Key.text(PLAN));
        assertThatThrownBy(claim::release).isInstanceOf(FencedException.class);
        assertThat(lost.join().ending()).isEqualTo(ClaimEnd.REVOKED);
    }

    @Test
    void releasedClaim_isNotLost() {
        DefaultClaim here = held(LONG, PLAN);
        CompletableFuture<LostClaim> lost = lost(here);
        here.release();
        DefaultClaim elsewhere = held(LONG, PLAN);
        CompletableFuture<LostClaim> other = lost(elsewhere);
        claims.resume("planner", elsewhere.token()).release();
        claims.losses.look();
        assertThat(lost).isNotDone();
        assertThat(other).isNotDone();
    }

    @Test
    void claimLostBefore_isReported() {
        DefaultClaim claim = held(LONG, PLAN);
        claims.revoke("operator", Key.text(PLAN));
        assertThat(lost(claim).join().ending()).isEqualTo(ClaimEnd.REVOKED);
        assertThat(lost(claim).join().ending()).isEqualTo(ClaimEnd.REVOKED);
    }

    @Test
    void stage_canNotBeCompletedByCallers() {
        DefaultClaim claim = held(LONG, PLAN);
        boolean own = lost(claim).complete(null);
        assertThat(own).isTrue();
        assertThat(lost(claim)).isNotDone();
    }

    @Test
    void closedStore_leavesTheStageIncomplete() {
        DefaultClaim claim = held(Lease.of(Duration.ofHours(3)), PLAN);
        CompletableFuture<LostClaim> lost = lost(claim);
        claims.close();
        assertThat(lost).isNotDone();
    }
}
