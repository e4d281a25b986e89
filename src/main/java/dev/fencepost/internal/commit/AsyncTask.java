package dev.fencepost.internal.commit;

import dev.fencepost.internal.util.Patience;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;

/** A queued task whose outcome completes a stage, so that no thread waits for it. */
final class AsyncTask<R> extends QueuedTask<R> {
    /**
     * The common pool if it has any thread. By default, a stage would start a new thread each time on small machines.
     */
    private static final Executor POOL =
            ForkJoinPool.getCommonPoolParallelism() > 0 ? ForkJoinPool.commonPool() : task -> new Thread(task).start();

    private final CompletableFuture<R> stage = new CompletableFuture<>();
    private final Runnable leader;

    /**
     * Creates a task that completes a stage.
     *
     * @param leader the action that wakes a thread to lead, if no thread leads
     */
    AsyncTask(CommitTask<R> member, Runnable leader, Patience patience) {
        super(member, Thread.currentThread(), patience);
        this.leader = leader;
    }

    /**
     * Completes the stage on another thread. Dependent actions on the leader's thread would delay the callers that it
     * wakes.
     */
    @Override
    void wake() {
        if (done()) {
            stage.completeAsync(this::outcome, POOL);
        } else {
            leader.run();
        }
    }

    CompletionStage<R> stage() {
        return stage.minimalCompletionStage();
    }
}
