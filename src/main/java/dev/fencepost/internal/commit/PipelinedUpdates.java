package dev.fencepost.internal.commit;

import dev.fencepost.VersionInfo;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Lets the threads of this process change one key in one batch, each from what the one before it makes.
 *
 * <p>A change that is computed from the newest version in the file must be in the file before the next one can be
 * computed, so each would need an answer of the disk of its own, and all but one of those that looked at the same time
 * would be refused. So whoever comes next looks at what the one before it is about to commit, and is committed only if
 * that one was: in the same transaction, or before it. (Dependent transactions in one commit group: D. DeWitt et al.,
 * 'Implementation Techniques for Main Memory Database Systems', SIGMOD 1984.)
 *
 * <p>Nobody else sees what is not committed, and if one in a chain is refused or fails, all that follow it are refused. A
 * lock for each key is held while a quick function runs, never while a commit is waited for; nobody waits for it long,
 * since a function might wait for another. Safe for use by many threads.
 */
final class PipelinedUpdates {
    private static final int LOCKS = 64;

    /** Longer than a quick function takes, and much shorter than anything that a caller would notice. */
    private static final Duration LONGEST_WAIT = Duration.ofMillis(2);

    private final ReentrantLock[] locks =
            Stream.generate(() -> new ReentrantLock(true)).limit(LOCKS).toArray(ReentrantLock[]::new);
    private final ThreadLocal<Boolean> entered = ThreadLocal.withInitial(() -> false);
    private final ConcurrentMap<String, PipelinedUpdate> last = new ConcurrentHashMap<>();

    /** One change of a key on its way into the file. */
    static final class PipelinedUpdate {
        private final long version;
        private final String text;
        private volatile @Nullable PipelinedUpdate ahead;
        private volatile @Nullable QueuedTask<CommitDecision> pending;

        /**
         * A link.
         *
         * @param version the version that it will make, if all goes well
         * @param ahead the change that it was computed from; null if that is in the file
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

        /** Whether what it was computed from is in the file, or in the transaction under way. Asked by the leader. */
        boolean mayFollow() {
            PipelinedUpdate before = ahead;
            return before == null || before.isMade();
        }

        private boolean isMade() {
            QueuedTask<CommitDecision> asked = pending;
            return asked != null
                    && asked.standing() instanceof CommitDecision.Applied applied
                    && applied.stamps().values().stream()
                            .mapToLong(VersionInfo::version)
                            .anyMatch(made -> made == version);
        }

        /** Whether it, or one that it rests on, was refused or has failed. */
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
     * Waits to be the one who looks at a key and changes it; whoever has entered must {@link #leave}.
     *
     * @return false if that took too long, or the thread has entered for this key or another
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

    /** The change that comes last; null if the newest version is in the file. For who has entered. */
    @Nullable PipelinedUpdate last(String key) {
        PipelinedUpdate link = last.get(key);
        return link == null || link.isBroken() ? null : link;
    }

    /** The change has been put into the queue of commits. For who has entered. */
    void append(String key, PipelinedUpdate link, QueuedTask<CommitDecision> pending) {
        link.pending = pending;
        last.put(key, link);
    }

    /** The change has its outcome; lets go of all that it rested on. */
    void settle(String key, PipelinedUpdate link) {
        last.remove(key, link);
        link.ahead = null;
    }
}
