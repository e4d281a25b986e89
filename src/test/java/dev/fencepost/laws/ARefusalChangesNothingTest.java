package dev.fencepost.laws;

import static dev.fencepost.Precondition.ifAbsent;
import static dev.fencepost.Precondition.ifPresent;
import static dev.fencepost.Precondition.ifValue;
import static dev.fencepost.Precondition.ifVersion;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fencepost.Agent;
import dev.fencepost.CheckReport;
import dev.fencepost.Claim;
import dev.fencepost.ClaimEnd;
import dev.fencepost.ClaimInfo;
import dev.fencepost.ClaimResult;
import dev.fencepost.Claimed;
import dev.fencepost.CommitRefusedException;
import dev.fencepost.CommitResult;
import dev.fencepost.Conflict;
import dev.fencepost.FencedException;
import dev.fencepost.Key;
import dev.fencepost.Lease;
import dev.fencepost.Prefix;
import dev.fencepost.Refusal;
import dev.fencepost.Store;
import dev.fencepost.WriteBatch;
import dev.fencepost.WriteResult;
import dev.fencepost.testing.SettableClock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Refusals, which change nothing and say why: all members that failed, the present state, and whether to retry. */
class ARefusalChangesNothingTest extends LawTest {
    private static final Key<String> FREE = Key.text("free");
    private static final Key<String> AT_TWO = Key.text("at-two");
    private static final Key<String> TAKEN = Key.text("taken");
    private static final Key<String> GONE = Key.text("gone");
    private static final Lease HOUR = Lease.withoutHeartbeats(Duration.ofHours(1));

    /** Everything that could have changed. */
    private record State(CheckReport counts, List<String> values, List<ClaimInfo> claims) {
        static State of(Store store) {
            List<String> values = store.list(Prefix.text("")).stream()
                    .map(found -> found.key() + "@" + found.version() + "=" + found.value())
                    .toList();
            return new State(store.check(), values, store.claims());
        }
    }

    private Store prepared(SettableClock clock) {
        Store store = open(config().withClock(clock));
        Agent agent = store.agent("first");
        agent.put(AT_TWO, "1").orThrow();
        agent.put(AT_TWO, "2").orThrow();
        agent.put(GONE, "x").orThrow();
        agent.delete(GONE).orThrow();
        agent.claim(TAKEN, HOUR).orThrow();
        return store;
    }

    @Test
    void commitOfSeveral_namesEveryFailedWrite() {
        Store store = prepared(new SettableClock());
        Agent late = store.agent("late");
        State before = State.of(store);
        CommitResult result = late.tryCommit(WriteBatch.of()
                .put(FREE, "x")
                .put(AT_TWO, "x", ifVersion(1))
                .put(TAKEN, "x")
                .delete(GONE, ifVersion(2))
                .require(Key.text("never"), ifPresent()));
        assertThat(result).isInstanceOfSatisfying(CommitResult.Refused.class, refused -> {
            assertThat(refused.refusals())
                    .extracting(ARefusalChangesNothingTest::show)
                    .containsExactly("conflict at-two", "claimed taken", "conflict gone", "conflict never");
            assertThat(refused.message()).contains("version 2", "first", "epoch 1", "deleted", "never existed");
            assertThat(refused.refusals()).extracting(Refusal::retryable).containsExactly(true, true, true, false);
        });
        assertThatThrownBy(result::orThrow).isInstanceOf(CommitRefusedException.class);
        assertThat(State.of(store)).isEqualTo(before);
    }

    private static String show(Refusal refusal) {
        if (refusal instanceof Conflict<?> conflict) {
            return "conflict " + conflict.key();
        }
        return refusal instanceof Claimed<?> claimed ? "claimed " + claimed.key() : refusal.toString();
    }

    @Test
    void singleRefusals_leaveTheStoreUnchanged() {
        Store store = prepared(new SettableClock());
        Agent late = store.agent("late");
        State before = State.of(store);
        assertThat(late.tryPut(AT_TWO, "x", ifAbsent())).isInstanceOf(Conflict.class);
        WriteResult<String> notThatValue = late.tryPut(AT_TWO, "x", ifValue("1"));
        assertThat(notThatValue).isInstanceOf(Conflict.class);
        assertThat(((Conflict<String>) notThatValue).actual().orElseThrow().value())
                .isEqualTo("2");
        assertThat(late.tryPut(FREE, "x", ifVersion(1))).isInstanceOf(Conflict.class);
        assertThat(late.tryDelete(FREE)).isInstanceOf(Conflict.class);
        assertThat(late.tryPut(TAKEN, "x")).isInstanceOf(Claimed.class);
        assertThat(late.claim(TAKEN, HOUR)).isInstanceOf(ClaimResult.Busy.class);
        assertThat(late.claim(List.of(FREE, TAKEN), HOUR, Duration.ZERO)).isInstanceOf(ClaimResult.Busy.class);
        assertThat(late.revoke(FREE)).isEmpty();
        assertThat(State.of(store)).isEqualTo(before);
    }

    @Test
    void timedOutWait_leavesTheStoreUnchanged() {
        Store store = prepared(new SettableClock());
        State before = State.of(store);
        // On a separate thread: waiting for a claim of its own thread would be a deadlock.
        Agent late = store.agent("late");
        assertThat(CompletableFuture.supplyAsync(() -> late.claim(TAKEN, HOUR, Duration.ofMillis(20)))
                        .join())
                .isInstanceOf(ClaimResult.Busy.class);
        State after = State.of(store);
        assertThat(after.values()).isEqualTo(before.values());
        assertThat(after.claims()).isEqualTo(before.claims());
        assertThat(after.counts().commits()).isEqualTo(before.counts().commits());
        // The queue is empty again.
        assertThat(store.agent("later").claim(TAKEN, HOUR))
                .isInstanceOfSatisfying(
                        ClaimResult.Busy.class,
                        busy -> assertThat(busy.queuedAhead()).isZero());
    }

    @Test
    void fencedOperations_leaveTheStoreUnchanged() {
        SettableClock clock = new SettableClock();
        Store store = prepared(clock);
        Claim lost = store.agent("slow").claim(FREE, HOUR).orThrow();
        clock.advance(Duration.ofMinutes(1));
        store.agent("operator").revoke(FREE);
        State before = State.of(store);
        List<Runnable> acts = List.of(
                () -> lost.put(FREE, "x"),
                () -> lost.put(AT_TWO, "x"),
                lost::renew,
                lost::release,
                () -> lost.commit(WriteBatch.of().put(FREE, "x")).orThrow(),
                () -> lost.update(AT_TWO, value -> "x"),
                () -> store.agent("other")
                        .commit(WriteBatch.of().put(FREE, "x").fencedBy(lost))
                        .orThrow(),
                () -> store.agent("other").transact(tx -> {
                    tx.fencedBy(lost);
                    tx.put(FREE, "x");
                    return 1;
                }));
        for (Runnable act : acts) {
            assertThatThrownBy(act::run).isInstanceOfSatisfying(FencedException.class, e -> {
                assertThat(e.retryable()).isFalse();
                assertThat(e.lost()).singleElement().satisfies(fenced -> {
                    assertThat(fenced.key()).isEqualTo("free");
                    assertThat(fenced.epoch()).isEqualTo(1);
                    assertThat(fenced.presentEpoch()).isEqualTo(2);
                    assertThat(fenced.ending()).isEqualTo(ClaimEnd.REVOKED);
                    assertThat(fenced.endedBy()).contains("operator");
                    assertThat(fenced.endedAt()).contains(clock.instant());
                });
            });
            assertThat(State.of(store)).isEqualTo(before);
        }
    }
}
