package dev.fencepost.internal.commit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fencepost.ClaimEnd;
import dev.fencepost.Claimed;
import dev.fencepost.Durability;
import dev.fencepost.Key;
import dev.fencepost.Lease;
import dev.fencepost.Precondition;
import dev.fencepost.Store;
import dev.fencepost.StoreConfig;
import dev.fencepost.internal.process.LivenessChecker;
import dev.fencepost.internal.process.ProcessProbe;
import dev.fencepost.internal.process.ReclaimPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tasks that arrive during the commit of another. */
class CommitQueueTest extends QueueFixture {
    @BeforeEach
    void open() {
        open(folder.resolve("a.db"), Durability.PROCESS_DEATH);
    }

    @Test
    void parkedCaller_isWokenToLead() throws Exception {
        FutureTask<Long> leader = lead();
        FutureTask<Long> parked = new FutureTask<>(() -> queue.submit(scope -> scope.sequence("parked")));
        Thread thread = new Thread(parked);
        thread.setDaemon(true);
        thread.start();
        while (thread.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
        goOn.countDown();
        assertThat(leader.get()).isPositive();
        assertThat(parked.get(30, TimeUnit.SECONDS)).isGreaterThan(leader.get());
    }

    @Test
    void throwingTask_failsAlone_andWritesNothing() throws Exception {
        FutureTask<Long> leader = lead();
        QueuedTask<Long> before = queue.enqueue(scope -> scope.sequence("before"));
        QueuedTask<Long> failing = queue.enqueue(scope -> {
            throw new IllegalStateException("after commit " + scope.sequence("failing"));
        });
        QueuedTask<Long> after = queue.enqueue(scope -> scope.sequence("after"));
        goOn.countDown();
        long first = leader.get();
        assertThat(queue.await(before)).isEqualTo(first + 1);
        assertThatThrownBy(() -> queue.await(failing)).isInstanceOf(IllegalStateException.class);
        assertThat(queue.await(after)).isEqualTo(first + 2);
    }

    /** The transaction of its first validation was rolled back because another task failed. */
    @Test
    void revalidatedCommit_isRefusedForEachReasonOnce() throws Exception {
        FutureTask<Long> leader = lead();
        StoreConfig config = StoreConfig.of(folder.resolve("a.db"));
        CommitRequest request = new CommitRequest(
                "late",
                List.of(new WriteEncoder(config).put(Key.text("k"), "v", Precondition.ifVersion(5))),
                List.of(),
                Optional.empty());
        QueuedTask<CommitDecision> refused = queue.enqueue(new CommitValidator(
                request,
                new FencingCheck("store"),
                new LivenessChecker(new ProcessProbe(), config.heartbeat()),
                false,
                null,
                false));
        QueuedTask<Long> failing = queue.enqueue(scope -> {
            throw new IllegalStateException("no");
        });
        goOn.countDown();
        leader.get();
        assertThat(((CommitDecision.Refused) queue.await(refused)).reasons()).hasSize(1);
        assertThatThrownBy(() -> queue.await(failing)).isInstanceOf(IllegalStateException.class);
    }

    /** The holder may be alive again in the second validation. */
    @Test
    void revalidatedCommit_takesOverOnlyClaimsDeadThen() throws Exception {
        Key<String> key = Key.text("k");
        try (Store other = Store.open(folder.resolve("a.db"))) {
            other.agent("holder").claim(key, Lease.of(Duration.ofHours(1))).orThrow();
            FutureTask<Long> leader = lead();
            StoreConfig config = StoreConfig.of(folder.resolve("a.db"));
            CommitRequest request = new CommitRequest(
                    "late",
                    List.of(new WriteEncoder(config).put(key, "v", Precondition.none())),
                    List.of(),
                    Optional.empty());
            int[] asked = new int[1];
            ReclaimPolicy first =
                    (claim, tables, now) -> ++asked[0] == 1 ? Optional.of(ClaimEnd.LEASE_EXPIRED) : Optional.empty();
            QueuedTask<CommitDecision> refused =
                    queue.enqueue(new CommitValidator(request, new FencingCheck("store"), first, false, null, false));
            QueuedTask<Long> failing = queue.enqueue(scope -> {
                throw new IllegalStateException("no");
            });
            goOn.countDown();
            leader.get();
            assertThat(((CommitDecision.Refused) queue.await(refused)).refusals())
                    .singleElement()
                    .isInstanceOf(Claimed.class);
            assertThatThrownBy(() -> queue.await(failing)).isInstanceOf(IllegalStateException.class);
            assertThat(asked[0]).isEqualTo(2);
            assertThat(other.claims()).hasSize(1);
        }
    }

    @Test
    void interruptedCaller_getsTheOutcome_andKeepsInterruptFlag() throws Exception {
        FutureTask<Long> leader = lead();
        FutureTask<Boolean> waiting =
                new FutureTask<>(() -> queue.submit(scope -> scope.sequence("waiting")) > 0 && Thread.interrupted());
        Thread thread = new Thread(waiting);
        thread.setDaemon(true);
        thread.start();
        while (thread.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
        thread.interrupt();
        goOn.countDown();
        leader.get();
        assertThat(waiting.get(30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void changeWithoutResult_isCommittedOnReturn() {
        List<Long> made = new ArrayList<>();
        queue.change(scope -> made.add(scope.sequence("changer")));
        assertThat(queue.submit(WriteTransaction::lastSequence)).isEqualTo(made.get(0));
        assertThatThrownBy(() -> queue.change(scope -> {
                    throw new IllegalStateException("after commit " + scope.sequence("failing"));
                }))
                .isInstanceOf(IllegalStateException.class);
        assertThat(queue.submit(WriteTransaction::lastSequence)).isEqualTo(made.get(0));
    }

    @Test
    void asyncTasks_areCommitted() throws Exception {
        FutureTask<Long> leader = lead();
        CompletionStage<Long> first = queue.submitLater(scope -> scope.sequence("later"));
        CompletionStage<Long> second = queue.submitLater(scope -> scope.sequence("later"));
        goOn.countDown();
        long before = leader.get();
        assertThat(first.toCompletableFuture().get(30, TimeUnit.SECONDS)).isEqualTo(before + 1);
        assertThat(second.toCompletableFuture().get(30, TimeUnit.SECONDS)).isEqualTo(before + 2);
    }
}
