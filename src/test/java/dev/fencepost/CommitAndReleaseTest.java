package dev.fencepost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fencepost.testing.Await;
import dev.fencepost.testing.OpenStoreTest;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One commit that writes under a claim and releases it. */
class CommitAndReleaseTest extends OpenStoreTest {
    private static final Key<String> PLAN = Key.text("plans/launch");
    private static final Key<String> OTHER = Key.text("plans/other");
    private static final Lease LEASE = Lease.of(Duration.ofSeconds(30));

    private Agent planner;
    private Agent rival;

    @Override
    protected StoreConfig config() {
        return super.config().withProvenance(true);
    }

    @BeforeEach
    void openAgents() {
        planner = store.agent("planner");
        rival = store.agent("rival");
    }

    private long number(String sql) {
        try {
            return SqlPrompt.number(file, sql);
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    /** Returns the number of the commit that ended the last claim that has ended. */
    private long endingCommit() {
        return number("SELECT max(ended_by_commit) FROM claims");
    }

    @Test
    void writes_areCommittedWithTheRelease() {
        Claim claim = planner.claim(PLAN, LEASE).orThrow();
        CommitResult.Applied applied =
                claim.commitAndRelease(WriteBatch.of().put(PLAN, "final").put(OTHER, "too"));
        assertThat(applied.writes()).extracting(made -> made.key().name()).containsExactly(PLAN.name(), OTHER.name());
        assertThat(store.get(PLAN).orElseThrow().value()).isEqualTo("final");
        assertThat(store.claims()).isEmpty();
        assertThat(endingCommit()).isEqualTo(applied.writes().get(0).stamp().sequence());
        assertThatThrownBy(() -> claim.put(PLAN, "late")).isInstanceOf(FencedException.class);
        assertThat(claim.lost().toCompletableFuture()).isNotDone();
    }

    /** A commit of one version is one row. */
    @Test
    void singleWrite_isCommittedWithTheRelease() {
        Claim claim = planner.claim(PLAN, LEASE).orThrow();
        CommitResult.Applied applied = claim.commitAndRelease(WriteBatch.of().put(PLAN, "final"));
        assertThat(endingCommit()).isEqualTo(applied.writes().get(0).stamp().sequence());
        claim.close();
        assertThat(rival.tryPut(PLAN, "next").isCommitted()).isTrue();
    }

    @Test
    void noWrites_justRelease() {
        Claim claim = planner.claim(PLAN, LEASE).orThrow();
        assertThat(claim.commitAndRelease(WriteBatch.of()).writes()).isEmpty();
        assertThat(store.claims()).isEmpty();
    }

    @Test
    void refusedMember_leavesTheClaimHeld() {
        planner.put(OTHER, "first");
        Claim claim = planner.claim(PLAN, LEASE).orThrow();
        WriteBatch writes = WriteBatch.of().put(PLAN, "final").put(OTHER, "second", Precondition.ifAbsent());
        assertThat(claim.tryCommitAndRelease(writes)).isInstanceOf(CommitResult.Refused.class);
        assertThatThrownBy(() -> claim.commitAndRelease(writes)).isInstanceOf(CommitRefusedException.class);
        assertThat(store.get(PLAN)).isEmpty();
        assertThat(store.claims()).extracting(ClaimInfo::key).containsExactly(PLAN.name());
        claim.close();
        assertThat(store.claims()).isEmpty();
    }

    @Test
    void lostClaim_writesNothing() {
        Claim claim = planner.claim(PLAN, LEASE).orThrow();
        rival.revoke(PLAN);
        assertThatThrownBy(() -> claim.commitAndRelease(WriteBatch.of().put(PLAN, "late")))
                .isInstanceOf(FencedException.class);
        assertThat(store.get(PLAN)).isEmpty();
        claim.close();
    }

    /** A second release would be fenced, which is recorded. */
    @Test
    void closeAfterwards_releasesNothing() {
        Claim claim = planner.claim(PLAN, LEASE).orThrow();
        claim.commitAndRelease(WriteBatch.of().put(PLAN, "final"));
        claim.close();
        store.close();
        assertThat(number("SELECT count(*) FROM refusals")).isZero();
    }

    /** The batch depends on another claim too, which was lost. This one is still held, and closing it releases it. */
    @Test
    void otherLostClaim_leavesTheClaimHeld() {
        Claim claim = planner.claim(PLAN, LEASE).orThrow();
        Claim other = planner.claim(OTHER, LEASE).orThrow();
        rival.revoke(OTHER);
        assertThatThrownBy(() ->
                        claim.commitAndRelease(WriteBatch.of().put(PLAN, "late").fencedBy(other)))
                .isInstanceOf(FencedException.class);
        assertThat(store.claims()).extracting(ClaimInfo::key).containsExactly(PLAN.name());
        claim.close();
        assertThat(store.claims()).isEmpty();
    }

    @Test
    void waiter_hasTheClaimWhenTheCallReturns() throws InterruptedException {
        Claim claim = planner.claim(PLAN, LEASE).orThrow();
        CompletableFuture<ClaimResult> waiting =
                CompletableFuture.supplyAsync(() -> rival.claim(List.of(PLAN), LEASE, Duration.ofMinutes(5)));
        Await.so(() -> number("SELECT count(*) FROM claim_requests") == 1);
        CommitResult.Applied applied = claim.commitAndRelease(WriteBatch.of().put(PLAN, "final"));
        assertThat(store.claims())
                .singleElement()
                .satisfies(held -> assertThat(held.holder().agent()).isEqualTo("rival"));
        try (Claim next = waiting.join().orThrow()) {
            assertThat(next.epoch(PLAN)).isEqualTo(2);
            next.put(
                    PLAN,
                    "by the waiter",
                    Precondition.ifVersion(applied.writes().get(0).stamp().version()));
        }
    }
}
