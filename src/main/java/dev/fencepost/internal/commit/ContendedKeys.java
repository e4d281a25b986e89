package dev.fencepost.internal.commit;

import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A fair order of the transactions of this process that were refused because of the same key.
 *
 * <p>Of transactions that read the same version of a key, one commits. The others are refused, read again, and compete
 * with the next transaction of the winner, whose thread is awake already. So a refused transaction takes the lock of
 * the key before it reads again, and keeps it until it is committed. A transaction that was not refused yet, but has
 * read the key, waits for that lock before it commits, and then reads again.
 *
 * <p>The locks only order attempts; each commit is validated as without them. So no thread waits longer than
 * {@link #LONGEST_WAIT}: the function of a transaction might wait for another transaction. A key has a lock only while
 * transactions use it. Each transaction has at most one, of the least name, so that they do not wait in a circle. Safe
 * for use by many threads.
 */
final class ContendedKeys {
    /** The longest wait for one lock: longer than many quick transactions take. */
    static final Duration LONGEST_WAIT = Duration.ofMillis(200);

    private final ConcurrentMap<String, KeyLock> locks = new ConcurrentHashMap<>();

    /** The lock of a key. Its users hold it or wait for it; their number changes under the lock of the map's entry. */
    private static final class KeyLock {
        private final ReentrantLock lock = new ReentrantLock(true);
        private int users;

        private KeyLock join() {
            users++;
            return this;
        }

        private @Nullable KeyLock leave() {
            users--;
            return users == 0 ? null : this;
        }
    }

    /** Returns the place of a transaction that has no lock yet. The caller closes it. */
    Place place() {
        return new Place();
    }

    /** Returns whether transactions that were refused use the lock of a key. */
    boolean isContended(String key) {
        return locks.containsKey(key);
    }

    /** The place of one transaction in this order. Used by one thread. */
    final class Place implements AutoCloseable {
        private @Nullable String name;
        private @Nullable KeyLock held;

        private Place() {}

        /**
         * Waits for the refused transactions that have one of the keys that this one has read.
         *
         * @return whether this transaction has taken a lock that it did not have, so that it must read again
         */
        boolean awaitRefused(Collection<String> read) {
            if (locks.isEmpty()) {
                return false;
            }
            String least = read.stream()
                    .filter(ContendedKeys.this::isContended)
                    .min(Comparator.naturalOrder())
                    .orElse(null);
            return least != null && !least.equals(name) && take(least);
        }

        /**
         * Takes the lock of one of the keys because of which this transaction was refused.
         *
         * @return whether the transaction has that lock, so that it can be repeated at once
         */
        boolean refused(Collection<String> changed) {
            String least = changed.stream().min(Comparator.naturalOrder()).orElse(null);
            return least != null && (least.equals(name) || take(least));
        }

        private boolean take(String key) {
            close();
            KeyLock joined = locks.compute(key, (same, lock) -> (lock == null ? new KeyLock() : lock).join());
            boolean taken = false;
            try {
                taken = joined.lock.tryLock(LONGEST_WAIT.toNanos(), TimeUnit.NANOSECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            if (taken) {
                name = key;
                held = joined;
            } else {
                leave(key);
            }
            return taken;
        }

        private void leave(String key) {
            locks.computeIfPresent(key, (same, lock) -> lock.leave());
        }

        /** Releases the lock to the transaction that has waited longest. */
        @Override
        public void close() {
            String key = name;
            KeyLock lock = held;
            if (key != null && lock != null) {
                name = null;
                held = null;
                lock.lock.unlock();
                leave(key);
            }
        }
    }
}
