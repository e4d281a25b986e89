package dev.fencepost.internal.commit;

import dev.fencepost.internal.sql.Patience;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;

/** A member in the queue that nobody waits for; its outcome completes a stage. */
final class AsyncTask<R> extends QueuedTask<R> {
    /** The common pool, where it has a thread: on small machines the default would be a new thread for each stage. */
    private static final Executor POOL =
            ForkJoinPool.getCommonPoolParallelism() > 0 ? ForkJoinPool.commonPool() : task -> new Thread(task).start();

    private final CompletableFuture<R> stage = new CompletableFuture<>();
    private final Runnable leader;

    /**
     * A promise.
     *
     * @param leader wakes somebody who will lead, if nobody does
     */
    AsyncTask(CommitTask<R> member, Runnable leader, Patience patience) {
        super(member, Thread.currentThread(), patience);
        this.leader = leader;
    }

    /** Whoever leads must not run what depends on the stage: it holds the lock that all others wait for. */
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
