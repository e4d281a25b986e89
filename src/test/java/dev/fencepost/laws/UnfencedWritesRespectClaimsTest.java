package dev.fencepost.laws;

import static dev.fencepost.Precondition.ifVersion;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fencepost.Agent;
import dev.fencepost.Claim;
import dev.fencepost.ClaimEnd;
import dev.fencepost.Claimed;
import dev.fencepost.CommitResult;
import dev.fencepost.FencedException;
import dev.fencepost.Key;
import dev.fencepost.Lease;
import dev.fencepost.RetriesExhaustedException;
import dev.fencepost.RetryPolicy;
import dev.fencepost.Store;
import dev.fencepost.WriteBatch;
import dev.fencepost.testing.SettableClock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Writes without a claim: refused on a claimed key, unless its lease has expired; then they take the key over. */
class UnfencedWritesRespectClaimsTest extends LawTest {
    private static final Key<String> KEY = Key.text("k");
    private static final Key<String> OTHER = Key.text("other");
    private static final Lease MINUTE = Lease.withoutHeartbeats(Duration.ofMinutes(1));

    private final SettableClock clock = new SettableClock();

    @Test
    void everyWayToWrite_isRefusedOnAClaimedKey() {
        Store store = open();
        Agent agent = store.agent("agent");
        agent.put(KEY, "before").orThrow();
        // Outside of its claim, the same agent has no more rights than others.
        Claim claim = agent.claim(KEY, MINUTE).orThrow();
        assertThat(agent.tryPut(KEY, "x")).isInstanceOfSatisfying(Claimed.class, refused -> {
            assertThat(refused.by().holder().agent()).isEqualTo("agent");
            assertThat(refused.by().epoch()).isEqualTo(claim.epoch(KEY));
            assertThat(refused.by().expiresAt()).isEqualTo(claim.expiresAt());
            assertThat(refused.retryable()).isTrue();
        });
        assertThat(agent.tryPut(KEY, "x", ifVersion(1))).isInstanceOf(Claimed.class);
        assertThat(agent.tryDelete(KEY)).isInstanceOf(Claimed.class);
        assertThat(agent.tryCommit(WriteBatch.of().put(OTHER, "x").put(KEY, "x")))
                .isInstanceOf(CommitResult.Refused.class);
        RetryPolicy once = RetryPolicy.never();
        assertThatThrownBy(() -> agent.update(KEY, "", text -> "x", once))
                .isInstanceOf(RetriesExhaustedException.class);
        assertThatThrownBy(() -> agent.transact(
                        tx -> {
                            tx.delete(KEY);
                            return 1;
                        },
                        once))
                .isInstanceOf(RetriesExhaustedException.class);
        assertThat(store.get(OTHER)).isEmpty();
        assertThat(claim.put(KEY, "after").version()).isEqualTo(2);
    }

    @Test
    void aDemandAlone_doesNotNeedTheKey() {
        Store store = open();
        Agent agent = store.agent("agent");
        agent.put(KEY, "x").orThrow();
        agent.claim(KEY, MINUTE).orThrow();
        CommitResult result =
                agent.tryCommit(WriteBatch.of().require(KEY, ifVersion(1)).put(OTHER, "y"));
        assertThat(result.orThrow().writes()).hasSize(1);
    }

    @Test
    void expiredClaim_isTakenOverByTheWrite() {
        Store store = open(config().withClock(clock));
        Agent slow = store.agent("slow");
        Claim both = slow.claim(List.of(KEY, OTHER), MINUTE, Duration.ZERO).orThrow();
        clock.advance(Duration.ofMinutes(1));
        assertThat(store.claims()).hasSize(2);
        assertThat(store.agent("quick").put(KEY, "x").orThrow().version()).isEqualTo(1);
        // The claim ends as a whole, also for the key that was not written.
        assertThat(store.claims()).isEmpty();
        assertThatThrownBy(() -> both.put(OTHER, "late"))
                .isInstanceOfSatisfying(
                        FencedException.class,
                        e -> assertThat(e.lost()).hasSize(2).allSatisfy(lost -> {
                            assertThat(lost.ending()).isEqualTo(ClaimEnd.LEASE_EXPIRED);
                            assertThat(lost.endedBy()).contains("quick");
                            assertThat(lost.presentEpoch()).isGreaterThan(lost.epoch());
                        }));
    }

    @Test
    void expiredClaim_isNotTakenOverByARefusedWrite() {
        Store store = open(config().withClock(clock));
        Claim late = store.agent("slow").claim(KEY, MINUTE).orThrow();
        clock.advance(Duration.ofHours(1));
        assertThat(store.agent("quick").tryPut(KEY, "x", ifVersion(5)).isCommitted())
                .isFalse();
        // The lease has expired, but no other agent took over, so the holder still owns the key.
        assertThat(late.put(KEY, "mine").version()).isEqualTo(1);
    }

    @Test
    void anEditAtThePrompt_isRefusedOnAClaimedKey() {
        Store store = open();
        store.agent("a").put(KEY, "x").orThrow();
        Claim claim = store.agent("a").claim(KEY, MINUTE).orThrow();
        assertThatThrownBy(
                        () -> opener().atPrompt(folder, "UPDATE current_values SET value = 'edited' WHERE key = 'k'"))
                .rootCause()
                .hasMessageContaining("claimed");
        assertThat(store.get(KEY).orElseThrow().value()).isEqualTo("x");
        opener().atPrompt(folder, "DELETE FROM active_claims WHERE key = 'k'");
        assertThatThrownBy(claim::release).isInstanceOf(FencedException.class);
    }
}
