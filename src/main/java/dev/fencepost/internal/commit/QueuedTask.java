package dev.fencepost.internal.commit;

import dev.fencepost.internal.sql.CommitIdentity;
import dev.fencepost.internal.sql.Patience;
import dev.fencepost.internal.sql.VersionRow;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** A member in the queue, the thread that waits for it, and in the end its outcome. */
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
     * A member that is put into the queue now.
     *
     * @param patience until when its caller waits for the write lock, the time in the queue included
     */
    QueuedTask(CommitTask<R> member, Thread caller, Patience patience) {
        this.member = member;
        this.caller = caller;
        this.patience = patience;
    }

    /** Returns until when the caller waits for the write lock. */
    Patience patience() {
        return patience;
    }

    /** Runs the member; its outcome counts only once {@link #acknowledge} is called. */
    void apply(WriteTransaction scope) {
        applied = false;
        scope.next();
        result = member.apply(scope);
        commit = scope.commit();
        applied = true;
    }

    /**
     * Runs the member outside a transaction, if one statement is enough.
     *
     * @return whether it was, and has been committed
     */
    boolean applyAlone(WriteTransaction scope) {
        // It may have been applied before, in a transaction that was then rolled back.
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

    /** Whether the member was refused, and its caller will try again at once. */
    @SuppressWarnings("NullAway") // a member that was applied has set the result, be it null or not
    boolean triesAgain() {
        return applied && member.triesAgain(result);
    }

    /** All versions that the member has written. */
    @SuppressWarnings("NullAway") // a member that was applied has set the result, be it null or not
    List<VersionRow> written() {
        return applied ? member.written(result) : List.of();
    }

    /** The result, if the member was applied and has not failed since; for the leader, or once it is done. */
    @Nullable R standing() {
        return applied && failure == null ? result : null;
    }

    /** The commit that the member made, if it made one. */
    Optional<CommitIdentity> commit() {
        return commit;
    }

    /** The transaction with the member's changes has been committed. */
    void acknowledge() {
        done = true;
    }

    /** The member's changes are not in the file, or it is not known whether they are. Ignored once there is an outcome. */
    void fail(Throwable e) {
        if (!done) {
            failure = e;
            done = true;
        }
    }

    boolean done() {
        return done;
    }

    /** Wakes the caller: it has its outcome, or is to lead. */
    void wake() {
        if (caller != Thread.currentThread()) {
            LockSupport.unpark(caller);
        }
    }

    /** What the member returned; throws what it threw. */
    @SuppressWarnings("NullAway") // a member that was applied has set the result, be it null or not
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

    /** Throws a failure as it is, checked or not: what the caller's own code threw comes back to the caller. */
    @SuppressWarnings("unchecked") // the type is inferred by the caller, and no cast takes place
    private static <E extends Throwable> void throwAsItIs(Throwable thrown) throws E {
        throw (E) thrown;
    }
}
