package dev.fencepost.internal.commit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fencepost.StoreClosedException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The election of leaders in the commit queue. The batches are only counted here. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LeaderElectionTest {
    private static final int MANY = 1_000;

    private final List<Integer> batches = Collections.synchronizedList(new ArrayList<>());
    private final List<String> leaders = Collections.synchronizedList(new ArrayList<>());
    private final CountDownLatch goOn = new CountDownLatch(1);
    private volatile int yetToForce;
    private volatile boolean turn;
    private volatile boolean stays;
    private volatile boolean closed;
    private volatile Optional<Error> failure = Optional.empty();
    private final AtomicInteger yields = new AtomicInteger();
    private volatile int addedWhileYielding;

    private final CommitQueue queue = new CommitQueue(
            new StubBatchExecutor() {
                @Override
                public void run(List<QueuedTask<?>> batch) {
                    batches.add(batch.size());
                    leaders.add(Thread.currentThread().getName());
                    failure.ifPresent(e -> {
                        throw e;
                    });
                    batch.forEach(pending -> pending.fail(new IllegalStateException("counted")));
                }

                @Override
                public void takeTurn() {
                    turn = true;
                    stay();
                }

                @Override
                public boolean hasTurn() {
                    return turn;
                }

                @Override
                public void leaveTurn() {
                    turn = false;
                    stay();
                }

                @Override
                public boolean awaitDurable() {
                    yetToForce--;
                    return yetToForce < 0;
                }

                @Override
                public void close() {
                    closed = true;
                }
            },
            this::yieldOnce);

    @AfterEach
    void close() {
        goOn.countDown();
        queue.close();
    }

    private void stay() {
        if (stays) {
            try {
                goOn.await();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }

    private void yieldOnce() {
        yields.incrementAndGet();
        addLater(addedWhileYielding);
    }

    private void addLater(int tasks) {
        for (int i = 0; i < tasks; i++) {
            queue.enqueue(scope -> 1);
        }
    }

    private Thread start(FutureTask<?> task) {
        Thread thread = new Thread(task);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    /** Makes another thread lead until it may go on: it leads while it leaves its turn. */
    private void leadOn() {
        queue.takeTurn();
        stays = true;
        awaitParked(start(new FutureTask<>(() -> {
            queue.leaveTurn();
            return true;
        })));
    }

    private static void awaitParked(Thread thread) {
        while (thread.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
    }

    private void submit() {
        assertThatThrownBy(() -> queue.submit(scope -> 1))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("counted");
    }

    @Test
    void batch_isBounded() {
        List<CompletionStage<Integer>> stages = new ArrayList<>();
        leadOn();
        for (int i = 0; i < MANY; i++) {
            stages.add(queue.submitLater(scope -> 1));
        }
        goOn.countDown();
        for (CompletionStage<Integer> stage : stages) {
            assertThatThrownBy(() -> stage.toCompletableFuture().get(30, TimeUnit.SECONDS))
                    .isInstanceOf(ExecutionException.class)
                    .hasRootCauseMessage("counted");
        }
        assertThat(batches).isEqualTo(List.of(256, 256, 256, MANY - 3 * 256));
    }

    @Test
    void singleCaller_neverYields() {
        for (int i = 0; i < MANY; i++) {
            submit();
        }
        assertThat(yields).hasValue(0);
    }

    @Test
    void smallBatch_afterLargeOnes_yieldsOnce_andGrows() {
        for (int i = 0; i < 20; i++) {
            addLater(9);
            submit();
        }
        yields.set(0);
        batches.clear();
        addedWhileYielding = 2;
        submit();
        assertThat(yields).hasValue(1);
        assertThat(batches).containsExactly(3);
    }

    @Test
    void singleCaller_afterLargeBatches_yieldsNoMore() {
        addLater(255);
        submit();
        for (int i = 0; i < 40; i++) {
            submit();
        }
        yields.set(0);
        submit();
        assertThat(yields).hasValue(0);
    }

    @Test
    void task_duringTurnChange_waits_andIsWoken() throws Exception {
        stays = true;
        FutureTask<Integer> waiting = new FutureTask<>(() -> queue.submit(scope -> 1));
        Thread taking = start(new FutureTask<>(() -> {
            queue.takeTurn();
            return true;
        }));
        awaitParked(taking);
        assertThat(queue.hasTurn()).isTrue();
        awaitParked(start(waiting));
        goOn.countDown();
        assertThatThrownBy(() -> waiting.get(30, TimeUnit.SECONDS)).hasRootCauseMessage("counted");
    }

    @Test
    void turn_whileAnotherLeads_isNotTaken() throws Exception {
        leadOn();
        queue.takeTurn();
        assertThat(queue.hasTurn()).isFalse();
        queue.leaveTurn();
        FutureTask<Integer> waiting = new FutureTask<>(() -> queue.submit(scope -> 1));
        awaitParked(start(waiting));
        goOn.countDown();
        assertThatThrownBy(() -> waiting.get(30, TimeUnit.SECONDS)).hasRootCauseMessage("counted");
    }

    @Test
    void turn_isLeftByALeaderOnly() throws Exception {
        queue.takeTurn();
        stays = true;
        FutureTask<Boolean> first = new FutureTask<>(() -> {
            queue.takeTurn();
            return true;
        });
        awaitParked(start(first));
        FutureTask<Boolean> leaving = new FutureTask<>(() -> {
            queue.leaveTurn();
            return queue.hasTurn();
        });
        awaitParked(start(leaving));
        assertThat(queue.hasTurn()).isTrue();
        goOn.countDown();
        assertThat(leaving.get(30, TimeUnit.SECONDS)).isFalse();
        submit();
    }

    @Test
    void awaitDurable_afterFailedFsync_commitsARepair() {
        yetToForce = 3;
        assertThatThrownBy(queue::awaitDurable).hasMessage("counted");
        assertThat(batches).hasSize(1);
        yetToForce = 0;
        queue.awaitDurable();
        assertThat(batches).hasSize(1);
    }

    @Test
    void failedLeader_failsItsTasks() {
        failure = Optional.of(new AssertionError("broken"));
        assertThatThrownBy(() -> queue.submit(scope -> 1)).hasMessage("broken");
        CompletionStage<Integer> later = queue.submitLater(scope -> 1);
        assertThatThrownBy(() -> later.toCompletableFuture().get(30, TimeUnit.SECONDS))
                .hasRootCauseMessage("broken");
        failure = Optional.empty();
        submit();
    }

    @Test
    void closedQueue_refusesAllTasks_andForgetsNone() throws Exception {
        stays = true;
        start(new FutureTask<>(() -> {
            queue.takeTurn();
            return true;
        }));
        while (!queue.hasTurn()) {
            Thread.onSpinWait();
        }
        CompletionStage<Integer> before = queue.submitLater(scope -> 1);
        FutureTask<Boolean> closing = new FutureTask<>(() -> {
            queue.close();
            return true;
        });
        awaitParked(start(closing));
        assertThat(closed).isFalse();
        goOn.countDown();
        assertThat(closing.get(30, TimeUnit.SECONDS)).isTrue();
        assertThat(closed).isTrue();
        assertThatThrownBy(() -> before.toCompletableFuture().get(30, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class);
        CompletionStage<Integer> after = queue.submitLater(scope -> 1);
        assertThatThrownBy(() -> after.toCompletableFuture().get(30, TimeUnit.SECONDS))
                .hasCauseInstanceOf(StoreClosedException.class);
        FutureTask<Integer> submitted = new FutureTask<>(() -> queue.submit(scope -> 1));
        start(submitted);
        assertThatThrownBy(() -> submitted.get(30, TimeUnit.SECONDS)).hasCauseInstanceOf(StoreClosedException.class);
        assertThatThrownBy(queue::awaitDurable).isInstanceOf(StoreClosedException.class);
    }

    @Test
    void asyncTask_isLedByTheCommitter_syncTaskByItsCaller() {
        CompletionStage<Integer> later = queue.submitLater(scope -> 1);
        assertThatThrownBy(() -> later.toCompletableFuture().get(30, TimeUnit.SECONDS))
                .hasRootCauseMessage("counted");
        assertThat(leaders).containsExactly("fencepost-committer");
        submit();
        assertThat(leaders)
                .containsExactly("fencepost-committer", Thread.currentThread().getName());
    }

    @Test
    void closedQueue_endsItsThread() throws Exception {
        List<Thread> before = committers();
        CompletionStage<Integer> later = queue.submitLater(scope -> 1);
        assertThatThrownBy(() -> later.toCompletableFuture().get(30, TimeUnit.SECONDS))
                .hasRootCauseMessage("counted");
        List<Thread> committers = new ArrayList<>(committers());
        committers.removeAll(before);
        assertThat(committers).hasSize(1);
        queue.close();
        committers.get(0).join(30_000);
        assertThat(committers.get(0).isAlive()).isFalse();
    }

    private static List<Thread> committers() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("fencepost-committer"))
                .toList();
    }

    @Test
    void callerWithTooLittleStack_isRefused_andLeavesNothing() {
        // Loads the classes first: a class whose first use is at the end of the stack may never load.
        submit();
        assertThat(submitFromTheDeepest(scope -> 1)).isZero();
        batches.clear();
        submit();
        assertThat(batches).containsExactly(1);
    }

    /**
     * Submits from the end of the stack upwards, through as many frames as a commit may need. Returns the number of
     * frames left.
     */
    private int submitFromTheDeepest(CommitTask<Integer> member) {
        int left;
        try {
            left = submitFromTheDeepest(member);
        } catch (StackOverflowError e) {
            left = 400;
        }
        if (left > 0) {
            try {
                queue.submit(member);
            } catch (StackOverflowError | IllegalStateException e) {
                return left - 1;
            }
        }
        return 0;
    }
}
