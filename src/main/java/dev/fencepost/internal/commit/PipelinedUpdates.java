package dev.fencepost.internal.commit;

import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Lets the threads of this process update one key in one batch, each from the result of the update before it.
 *
 * <p>An update that reads the newest version from the file must wait until the update before it is in the file. So each
 * would need its own fsync, and of those that read the same version all but one would be refused. A pipelined update
 * reads the value that its predecessor is about to commit. It is committed only if its predecessor is, in the same
 * transaction or before it. (Dependent transactions in one commit group: D. DeWitt et al., 'Implementation Techniques
 * for Main Memory Database Systems', SIGMOD 1984.)
 *
 * <p>No other reader sees uncommitted values. If an update is refused or fails, all updates that depend on it are
 * refused. The lock of a key is held while a quick function runs, never while a commit is waited for. No thread waits
 * long for it, since a function might wait for another function. Safe for use by many threads.
 */
final class PipelinedUpdates {
    private static final int LOCKS = 64;

    /**
     * The longest wait for the lock of a key: longer than a quick function takes, and too short for a caller to notice.
     */
    private static final Duration LONGEST_WAIT = Duration.ofMillis(2);

    private final ReentrantLock[] locks =
            Stream.generate(() -> new ReentrantLock(true)).limit(LOCKS).toArray(ReentrantLock[]::new);
    private final ThreadLocal<Boolean> entered = ThreadLocal.withInitial(() -> false);
    private final ConcurrentMap<String, PipelinedUpdate> last = new ConcurrentHashMap<>();

    /** One update of a key that is not yet committed. */
    static final class PipelinedUpdate {
        private final long version;
        private final String text;
        private volatile @Nullable PipelinedUpdate ahead;
        private volatile @Nullable QueuedTask<CommitDecision> pending;

        /**
         * Creates an update.
         *
         * @param version the version that the update makes if it is committed
         * @param ahead the update that it was computed from; null if that is in the file
         */
        PipelinedUpdate(long version, String text, @Nullable PipelinedUpdate ahead) {
            this.version = version;
            this.text = text;
            this.ahead = ahead;
        }

        long version() {
            return version;
        }

        String text() {
            return text;
        }

        /** Returns whether its predecessor is in the file, or in the running transaction. Called by the leader. */
        boolean mayFollow() {
            PipelinedUpdate before = ahead;
            return before == null || before.isMade();
        }

        private boolean isMade() {
            QueuedTask<CommitDecision> asked = pending;
            return asked != null
                    && asked.standing() instanceof CommitDecision.Applied applied
                    && applied.versions().values().stream()
                            .anyMatch(made -> made.stamp().version() == version);
        }

        /** Returns whether this update, or one that it depends on, was refused or has failed. */
        private boolean isBroken() {
            for (PipelinedUpdate link = this; link != null; link = link.ahead) {
                QueuedTask<CommitDecision> asked = link.pending;
                if (asked != null && asked.done()) {
                    return !link.isMade();
                }
            }
            return false;
        }
    }

    /**
     * Waits for the exclusive right to read and update a key. A thread that has entered must {@link #leave}.
     *
     * @return false if the wait took too long, or if the thread has entered for this key or another
     */
    boolean enter(String key) {
        if (entered.get()) {
            return false;
        }
        try {
            boolean had = lock(key).tryLock(LONGEST_WAIT.toNanos(), TimeUnit.NANOSECONDS);
            entered.set(had);
            return had;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    void leave(String key) {
        entered.set(false);
        lock(key).unlock();
    }

    private ReentrantLock lock(String key) {
        return locks[Math.floorMod(key.hashCode(), LOCKS)];
    }

    /** Returns the last update of a key; null if the newest version is in the file. The caller must have entered. */
    @Nullable PipelinedUpdate last(String key) {
        PipelinedUpdate link = last.get(key);
        return link == null || link.isBroken() ? null : link;
    }

    /** Records an update that is now in the commit queue. The caller must have entered. */
    void append(String key, PipelinedUpdate link, QueuedTask<CommitDecision> pending) {
        link.pending = pending;
        last.put(key, link);
    }

    /** Removes an update that has its outcome, and drops its reference to the update before it. */
    void settle(String key, PipelinedUpdate link) {
        last.remove(key, link);
        link.ahead = null;
    }
}
