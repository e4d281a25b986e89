package dev.fencepost.internal.commit;

import dev.fencepost.internal.sql.CommitIdentity;
import dev.fencepost.internal.sql.VersionRow;
import dev.fencepost.internal.util.Patience;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** A task in the queue, the thread that waits for it and, once it is done, its outcome. */
public class QueuedTask<R> {
    private final CommitTask<R> member;
    private final Thread caller;
    private final Patience patience;
    private @Nullable R result;
    private Optional<CommitIdentity> commit = Optional.empty();
    private @Nullable Throwable failure;
    private boolean applied;
    private volatile boolean done;

    /**
     * Creates a task that is queued now.
     *
     * @param patience the deadline of its caller for the write lock, including the time in the queue
     */
    QueuedTask(CommitTask<R> member, Thread caller, Patience patience) {
        this.member = member;
        this.caller = caller;
        this.patience = patience;
    }

    /** Returns the caller's deadline for the write lock. */
    Patience patience() {
        return patience;
    }

    /** Runs the task. Its outcome counts only after {@link #acknowledge}. */
    void apply(WriteTransaction scope) {
        applied = false;
        scope.next();
        result = member.apply(scope);
        scope.handOver();
        commit = scope.commit();
        applied = true;
    }

    /**
     * Runs the task outside a transaction, if one statement is enough.
     *
     * @return whether the task was applied and committed
     */
    boolean applyAlone(WriteTransaction scope) {
        // The task may have been applied before, in a transaction that was rolled back.
        applied = false;
        try {
            Optional<R> outcome = member.applyAlone(scope);
            outcome.ifPresent(present -> {
                result = present;
                applied = true;
            });
            return applied;
        } finally {
            commit = scope.commit();
        }
    }

    /** Returns whether the task was refused and its caller retries at once. */
    @SuppressWarnings("NullAway") // a task that was applied has set the result, be it null or not
    boolean triesAgain() {
        return applied && member.triesAgain(result);
    }

    /** Returns whether only the result tells if the changes of the task must survive a loss of power. */
    boolean isForcedLate() {
        return member.isForcedLate();
    }

    /** Returns whether the changes of the task must survive a loss of power. */
    @SuppressWarnings("NullAway") // a task that was applied has set the result, be it null or not
    boolean mustSurvive() {
        return !applied || member.mustSurvive(result);
    }

    /** Returns all versions that the task wrote. */
    @SuppressWarnings("NullAway") // a task that was applied has set the result, be it null or not
    List<VersionRow> written() {
        return applied ? member.written(result) : List.of();
    }

    /**
     * Returns the result if the task was applied and has not failed since. For the leader, or once the task is done.
     */
    @Nullable R standing() {
        return applied && failure == null ? result : null;
    }

    /** Returns the commit that the task made, if it made one. */
    Optional<CommitIdentity> commit() {
        return commit;
    }

    /** Marks the task as done, since its transaction has been committed. */
    void acknowledge() {
        done = true;
    }

    /**
     * Fails the task: its changes are not in the file, or that is unknown. Does nothing if it already has an outcome.
     */
    void fail(Throwable e) {
        if (!done) {
            failure = e;
            done = true;
        }
    }

    boolean done() {
        return done;
    }

    /** Wakes the caller, which has its outcome or is to lead. */
    void wake() {
        if (caller != Thread.currentThread()) {
            LockSupport.unpark(caller);
        }
    }

    /** Returns the result of the task, or throws its failure. */
    @SuppressWarnings("NullAway") // a task that was applied has set the result, be it null or not
    R outcome() {
        Throwable thrown = failure;
        if (thrown != null) {
            QueuedTask.<RuntimeException>throwAsItIs(thrown);
        }
        if (!applied) {
            throw new AssertionError("a member has neither an outcome nor a failure");
        }
        return result;
    }

    /** Throws a failure as it is, checked or not, so that callers get the exceptions of their own code. */
    @SuppressWarnings("unchecked") // the type is inferred by the caller, and no cast takes place
    private static <E extends Throwable> void throwAsItIs(Throwable thrown) throws E {
        throw (E) thrown;
    }
}
