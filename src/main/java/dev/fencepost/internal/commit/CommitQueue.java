package dev.fencepost.internal.commit;

import dev.fencepost.FencepostException;
import dev.fencepost.StoreClosedException;
import dev.fencepost.StoreConfig;
import dev.fencepost.internal.read.HighWaterMark;
import dev.fencepost.internal.read.ReadCache;
import dev.fencepost.internal.sql.ProcessFingerprint;
import dev.fencepost.internal.sql.StoreFile;
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
 * The one way into the file. Concurrent members are committed together.
 *
 * <h2>Flat combining</h2>
 *
 * Each caller puts its member into a queue; whoever then finds the leader's lock free leads: it takes what is queued, runs
 * all of it in one write transaction, and wakes the others. One caller alone pays no hand-over, and many share one write
 * lock and one answer of the disk. (D. Hendler, I. Incze, N. Shavit, M. Tzafrir: 'Flat Combining and the
 * Synchronization-Parallelism Tradeoff', SPAA 2010.)
 *
 * <h2>Nobody is forgotten</h2>
 *
 * A caller parks only after it has queued its member and then found the lock taken. Whoever holds the lock looks at the
 * queue again after letting go of it, and wakes the first in it to lead. So there is always a thread that is awake and
 * will see the member.
 *
 * <h2>Each is judged by itself</h2>
 *
 * A member that refuses has written nothing, so it costs its neighbours nothing. If one throws, the transaction is rolled
 * back and every member runs again in a transaction of its own, so that only the one that fails is hurt.
 */
public final class CommitQueue implements AutoCloseable {
    private static final int MOST_IN_A_BATCH = 256;

    /** Above so many members that nobody waits for, whoever adds one helps. */
    private static final int MOST_PROMISED = 16 * MOST_IN_A_BATCH;

    /** The longest wait for the thread in the background to end. */
    private static final Duration LONGEST_END = Duration.ofSeconds(5);

    private final Queue<QueuedTask<?>> queue = new ConcurrentLinkedQueue<>();
    private final ReentrantLock leader = new ReentrantLock();
    private final AtomicInteger promised = new AtomicInteger();
    private final BackgroundThread background =
            BackgroundThread.whenAsked("fencepost-committer", this::leadWhileThereAreAny);
    private final BatchExecutor runner;
    private volatile boolean closing;
    private volatile boolean closed;

    /**
     * The way into a file.
     *
     * @param cache is told of what was committed
     */
    public CommitQueue(
            StoreFile file,
            StoreConfig config,
            HighWaterMark horizon,
            ProcessFingerprint facts,
            ReadCache cache,
            ProtocolTrace.Factory traces) {
        this(new GroupCommitter(file, config, horizon, facts, cache, traces));
    }

    /** The way to whatever runs batches. */
    CommitQueue(BatchExecutor runner) {
        this.runner = runner;
    }

    /**
     * Commits a member, and returns when that is durable as configured. Cannot be interrupted; the flag is kept.
     *
     * @return what the member returned
     */
    public <R> R submit(CommitTask<R> member) {
        return await(enqueue(member));
    }

    /** As {@link #submit}, for a change that has no result. */
    public void change(Consumer<WriteTransaction> change) {
        submit(scope -> {
            change.accept(scope);
            return true;
        });
    }

    /** The first half of {@link #submit}: from here on the member will be committed, once somebody leads. */
    <R> QueuedTask<R> enqueue(CommitTask<R> member) {
        StackGuard.ensure();
        QueuedTask<R> pending = new QueuedTask<>(member, Thread.currentThread(), runner.patience());
        queue.add(pending);
        return pending;
    }

    /** The second half, which the same thread must call. */
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
     * Commits a member without waiting for it.
     *
     * @return completed when that is durable as configured
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

    /** Leads until the queue is empty, or somebody else leads, who will wake the first in it. */
    private void leadWhileThereAreAny() {
        while (!queue.isEmpty() && leader.tryLock()) {
            lead();
        }
    }

    /** Runs a batch, for who has the lock; gives it back before others are woken, which takes as long as some commits. */
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
        for (QueuedTask<?> next = queue.poll(); next != null; next = queue.poll()) {
            batch.add(next);
            if (next instanceof AsyncTask) {
                promised.decrementAndGet();
            }
            if (batch.size() == MOST_IN_A_BATCH) {
                break;
            }
        }
        if (batch.isEmpty()) {
            return;
        }
        try {
            if (closed) {
                batch.forEach(pending -> pending.fail(new StoreClosedException()));
            } else {
                runner.run(batch);
            }
        } catch (Throwable e) {
            // The others must not wait for ever, whatever happened to the leader.
            batch.forEach(pending -> pending.fail(e));
        }
    }

    private void wakeFirst() {
        QueuedTask<?> first = queue.peek();
        if (first != null) {
            first.wake();
        }
    }

    /**
     * Where processes take turns to write, waits for the turn of this one, for a caller who will look, and then commit at
     * once. Does nothing if another thread is committing.
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

    /** Whether other processes are kept waiting for a caller here. */
    boolean hasTurn() {
        return runner.hasTurn();
    }

    /** The caller will not commit after all, or has done so: lets other processes pass. */
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

    /** Waits until what is in the file now survives a loss of power. */
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

    /** Once the queue is closed, the log may be gone, and its channel is closed: that is no failure of the disk. */
    private FencepostException orClosed(FencepostException e) {
        return closed && !(e instanceof StoreClosedException) ? becauseClosed(e) : e;
    }

    /** Returns an exception for what the last commits may have caused: that the store is closed, if it closes. */
    public FencepostException orClosing(FencepostException e) {
        return closing ? becauseClosed(e) : e;
    }

    private static StoreClosedException becauseClosed(FencepostException e) {
        StoreClosedException because = new StoreClosedException();
        because.addSuppressed(e);
        return because;
    }

    /** The number of this process in the store, if it has written anything. */
    public Optional<Long> process() {
        return runner.process();
    }

    /** Commits while nobody else can: no member of another thread comes between those that are submitted here. */
    public interface Alone {
        /** Commits a member by itself; see {@link CommitQueue#submit}. */
        <R> R submit(CommitTask<R> member);

        /** Commits a change that has no result. */
        default void change(Consumer<WriteTransaction> change) {
            boolean unused = submit(scope -> {
                change.accept(scope);
                return true;
            });
        }
    }

    /** Waits for the batch under way, and refuses all members that come after it. */
    @Override
    public void close() {
        close(alone -> {});
    }

    /**
     * Waits for the batch under way, commits the last members, and refuses all others. So nothing that the last members
     * find or end can change after them: no claim is granted that they do not see.
     *
     * @param last commits the last members; not called if the queue is closed
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
