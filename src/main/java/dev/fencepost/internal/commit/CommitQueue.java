package dev.fencepost.internal.commit;

import dev.fencepost.FencepostException;
import dev.fencepost.StoreClosedException;
import dev.fencepost.StoreConfig;
import dev.fencepost.internal.engine.Engine;
import dev.fencepost.internal.read.HighWaterMark;
import dev.fencepost.internal.read.ReadCache;
import dev.fencepost.internal.sql.ProcessFingerprint;
import dev.fencepost.internal.util.BackgroundThread;
import dev.fencepost.internal.util.StackGuard;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * The queue through which every change of the file goes. It commits concurrent tasks together (group commit).
 *
 * <h2>Flat combining</h2>
 *
 * Each caller adds its task to a queue. A caller that then finds the leader's lock free leads: it runs the queued tasks
 * in one write transaction, and wakes the other callers. A single caller pays for no hand-over, and many callers share
 * one write lock and one fsync. (D. Hendler, I. Incze, N. Shavit, M. Tzafrir: 'Flat Combining and the
 * Synchronization-Parallelism Tradeoff', SPAA 2010.)
 *
 * <p>The callers of one batch return at about the same time, and commit again. The first of them would find few tasks
 * beside its own, and most would wait for the fsync of a small batch and then for their own. So a leader that finds
 * fewer tasks than usual yields the processor once. A single caller never finds fewer.
 *
 * <h2>No lost wake-up</h2>
 *
 * A caller parks only after it has queued its task and then found the lock taken. The leader checks the queue again
 * after it releases the lock, and wakes the first caller in it to lead. So a thread that will see the task is always
 * awake.
 *
 * <h2>Independent outcomes</h2>
 *
 * A refused task has written nothing, so it does not affect the other tasks. If a task throws, the transaction is
 * rolled back and every task runs again in a transaction of its own. So only the failing task fails.
 */
public final class CommitQueue implements AutoCloseable {
    private static final int MOST_IN_A_BATCH = 256;

    /** The number of batches over which the usual number of tasks in a batch is averaged. */
    private static final int BATCHES_AVERAGED = 8;

    /** The number of queued asynchronous tasks above which the caller that adds one also leads. */
    private static final int MOST_PROMISED = 16 * MOST_IN_A_BATCH;

    /** The longest wait for the background thread to end. */
    private static final Duration LONGEST_END = Duration.ofSeconds(5);

    private final Queue<QueuedTask<?>> queue = new ConcurrentLinkedQueue<>();
    private final ReentrantLock leader = new ReentrantLock();
    private final AtomicInteger promised = new AtomicInteger();
    private final BackgroundThread background =
            BackgroundThread.whenAsked("fencepost-committer", this::leadWhileThereAreAny);
    private final BatchExecutor runner;
    private final Runnable yielding;
    /** The usual number of tasks in a batch, times {@link #BATCHES_AVERAGED}. Used by the leader only. */
    private int usual;

    private volatile boolean closing;
    private volatile boolean closed;

    /**
     * Creates the queue of a store.
     *
     * @param cache the cache that is updated after each commit
     */
    public CommitQueue(
            Engine engine,
            StoreConfig config,
            HighWaterMark highWater,
            ProcessFingerprint facts,
            ReadCache cache,
            ProtocolTrace.Factory traces) {
        this(new GroupCommitter(engine, config, highWater, facts, cache, traces));
    }

    /** Creates a queue over an executor of batches. */
    CommitQueue(BatchExecutor runner) {
        this(runner, Thread::yield);
    }

    /**
     * Creates a queue over an executor of batches.
     *
     * @param yielding yields the processor to other callers
     */
    CommitQueue(BatchExecutor runner, Runnable yielding) {
        this.runner = runner;
        this.yielding = yielding;
    }

    /** Sets the hook that hands over the claims that tasks end. */
    public void handOverBy(HandOver by) {
        runner.handOverBy(by);
    }

    /**
     * Commits a task, and returns when the commit is as durable as configured. Cannot be interrupted; the thread stays
     * interrupted if it was.
     *
     * @return the result of the task
     */
    public <R> R submit(CommitTask<R> member) {
        return await(enqueue(member));
    }

    /** Commits a change that has no result; see {@link #submit}. */
    public void change(Consumer<WriteTransaction> change) {
        submit(scope -> {
            change.accept(scope);
            return true;
        });
    }

    /** Adds a task to the queue, from which the next leader commits it. {@link #await} must follow. */
    <R> QueuedTask<R> enqueue(CommitTask<R> member) {
        StackGuard.ensure();
        QueuedTask<R> pending = new QueuedTask<>(member, Thread.currentThread(), runner.patience());
        queue.add(pending);
        return pending;
    }

    /** Waits for a task, and returns its result. Must be called by the thread that queued the task. */
    public <R> R await(QueuedTask<R> pending) {
        boolean interrupted = false;
        while (!pending.done()) {
            if (leader.tryLock()) {
                lead();
            } else {
                LockSupport.park(this);
                interrupted |= Thread.interrupted();
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return pending.outcome();
    }

    /**
     * Commits a task without waiting for it.
     *
     * @return a stage that completes when the commit is as durable as configured
     */
    public <R> CompletionStage<R> submitLater(CommitTask<R> member) {
        AsyncTask<R> promise = new AsyncTask<>(member, this::leadInBackground, runner.patience());
        queue.add(promise);
        if (promised.incrementAndGet() > MOST_PROMISED) {
            StackGuard.ensure();
            leadWhileThereAreAny();
        }
        leadInBackground();
        return promise.stage();
    }

    private void leadInBackground() {
        if (!background.ask()) {
            leadWhileThereAreAny();
        }
    }

    /**
     * Leads until the queue is empty, or until another thread leads, which then wakes the first caller in the queue.
     */
    private void leadWhileThereAreAny() {
        while (!queue.isEmpty() && leader.tryLock()) {
            lead();
        }
    }

    /**
     * Runs a batch, for the thread that holds the lock. The lock is released before other callers are woken, which
     * takes as long as some commits.
     */
    private void lead() {
        List<QueuedTask<?>> batch = new ArrayList<>();
        try {
            runBatch(batch);
        } finally {
            leader.unlock();
            wakeFirst();
            batch.forEach(QueuedTask::wake);
        }
    }

    private void runBatch(List<QueuedTask<?>> batch) {
        take(batch);
        if (batch.isEmpty()) {
            return;
        }
        if (batch.size() < usual / BATCHES_AVERAGED) {
            yielding.run();
            take(batch);
        }
        usual += batch.size() - usual / BATCHES_AVERAGED;
        try {
            if (closed) {
                batch.forEach(pending -> pending.fail(new StoreClosedException()));
            } else {
                runner.run(batch);
            }
        } catch (Throwable e) {
            // A failure of the leader must not leave the other callers waiting.
            batch.forEach(pending -> pending.fail(e));
        }
    }

    /** Moves tasks from the queue to a batch, as many as it may have. */
    private void take(List<QueuedTask<?>> batch) {
        while (batch.size() < MOST_IN_A_BATCH) {
            QueuedTask<?> next = queue.poll();
            if (next == null) {
                return;
            }
            batch.add(next);
            if (next instanceof AsyncTask) {
                promised.decrementAndGet();
            }
        }
    }

    private void wakeFirst() {
        QueuedTask<?> first = queue.peek();
        if (first != null) {
            first.wake();
        }
    }

    /**
     * Waits in the writer queue until this process is at its head, for a caller that will read and then commit at once.
     * Does nothing if another thread is committing, or if processes do not contend to write.
     */
    void takeTurn() {
        if (leader.tryLock()) {
            try {
                runner.takeTurn();
            } finally {
                leader.unlock();
            }
            wakeFirst();
        }
    }

    /** Returns whether this process keeps the head of the writer queue, so that other processes wait. */
    boolean hasTurn() {
        return runner.hasTurn();
    }

    /** Leaves the head of the writer queue, after the caller has committed or decided not to. */
    void leaveTurn() {
        if (runner.hasTurn()) {
            leader.lock();
            try {
                runner.leaveTurn();
            } finally {
                leader.unlock();
            }
            wakeFirst();
        }
    }

    /** Waits until all commits so far survive a loss of power. */
    public void awaitDurable() {
        if (closed) {
            throw new StoreClosedException();
        }
        try {
            while (!runner.awaitDurable()) {
                submit(scope -> true);
            }
        } catch (FencepostException e) {
            throw orClosed(e);
        }
    }

    /**
     * Returns the failure to report. Once the queue is closed, the WAL may be gone and its channel is closed, which is
     * no failure of the disk.
     */
    private FencepostException orClosed(FencepostException e) {
        return closed && !(e instanceof StoreClosedException) ? becauseClosed(e) : e;
    }

    /**
     * Returns the failure to report. While the store closes, its last commits may be the cause, so the caller learns
     * that it is closed.
     */
    public FencepostException orClosing(FencepostException e) {
        return closing ? becauseClosed(e) : e;
    }

    private static StoreClosedException becauseClosed(FencepostException e) {
        StoreClosedException because = new StoreClosedException();
        because.addSuppressed(e);
        return because;
    }

    /** Returns the number of this process in the store, if it has written anything. */
    public Optional<Long> process() {
        return runner.process();
    }

    /** Commits tasks while no other thread can commit, so that no other task comes between them. */
    public interface Alone {
        /** Commits a task by itself; see {@link CommitQueue#submit}. */
        <R> R submit(CommitTask<R> member);

        /** Commits a change that has no result. */
        default void change(Consumer<WriteTransaction> change) {
            boolean unused = submit(scope -> {
                change.accept(scope);
                return true;
            });
        }
    }

    /** Waits for the running batch, and refuses all later tasks. */
    @Override
    public void close() {
        close(alone -> {});
    }

    /**
     * Waits for the running batch, commits the last tasks, and refuses all others. So nothing that the last tasks find
     * or end can change after them: no claim is granted that they do not see.
     *
     * @param last the code that commits the last tasks; not called if the queue is already closed
     */
    public void close(Consumer<Alone> last) {
        leader.lock();
        try {
            if (!closed) {
                closeWith(last);
            }
        } finally {
            leader.unlock();
        }
        background.close();
        leadWhileThereAreAny();
        boolean unused = background.awaitEnd(LONGEST_END);
    }

    private void closeWith(Consumer<Alone> last) {
        StackGuard.ensure();
        closing = true;
        try {
            last.accept(this::runAlone);
        } finally {
            closed = true;
            runner.close();
        }
    }

    private <R> R runAlone(CommitTask<R> member) {
        QueuedTask<R> pending = new QueuedTask<>(member, Thread.currentThread(), runner.patience());
        runner.run(List.of(pending));
        return pending.outcome();
    }
}
