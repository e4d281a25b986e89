package dev.fencepost.internal.read;

import dev.fencepost.InvalidInputException;
import dev.fencepost.internal.sql.VersionRow;
import dev.fencepost.internal.util.Deadline;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Waits until keys have newer versions. Safe for use by many threads. */
public final class ChangeWaiter {
    /** The shortest and the longest time between polls in nanoseconds, if the listener is notified of commits. */
    private static final long LEAST_HEARD = 250_000_000;

    private static final long MOST_HEARD = 1_000_000_000;

    /** The same, if only polling finds commits. */
    private static final long LEAST_UNHEARD = 1_000_000;

    private static final long MOST_UNHEARD = 30_000_000;

    /** The time between polls, as a fraction of the time waited so far. */
    private static final int PART_HEARD = 4;

    private static final int PART_UNHEARD = 16;

    /**
     * The most waiters that are served by a read of each one's key. For more of them it is cheaper to follow the log of
     * changes once, and to check each key in the cache.
     */
    private static final int FEW = 2;

    private final ReadCache cache;
    private final CommitNotifier notifier;
    private final Duration longestWait;
    private final AtomicInteger waiters = new AtomicInteger();

    public ChangeWaiter(ReadCache cache, CommitNotifier notifier, Duration longestWait) {
        this.cache = cache;
        this.notifier = notifier;
        this.longestWait = longestWait;
    }

    /**
     * Returns the newest version of a key, as soon as it is greater than the given one.
     *
     * @return empty if the wait is over before that
     */
    public Optional<VersionRow> await(String key, long after, Duration wait) {
        if (after < 0) {
            throw new InvalidInputException("The version to wait after is " + after + "; it must be 0 or more");
        }
        if (wait.isNegative() || wait.compareTo(longestWait) > 0) {
            throw new InvalidInputException(
                    "The wait for a change is " + wait + "; it must be from zero to " + longestWait);
        }
        Deadline pause = Deadline.after(wait);
        Optional<VersionRow> newer = newer(cache.latest(key), after);
        if (newer.isPresent() || wait.isZero()) {
            return newer;
        }
        waiters.incrementAndGet();
        try {
            return awaitCall(key, after, pause);
        } finally {
            waiters.decrementAndGet();
        }
    }

    private Optional<VersionRow> awaitCall(String key, long after, Deadline pause) {
        AtomicReference<@Nullable VersionRow> found = new AtomicReference<>();
        BooleanSupplier look = () -> {
            Optional<VersionRow> newest = waiters.get() > FEW ? cache.latest(key) : cache.read(key);
            Optional<VersionRow> newer = newer(newest, after);
            newer.ifPresent(found::set);
            return newer.isPresent();
        };
        try (CommitNotifier.Listener listener = notifier.listen(List.of(key), look)) {
            while (true) {
                boolean last = pause.over();
                // A notifying thread has found the version already, unless its check failed.
                Optional<VersionRow> newer = Optional.ofNullable(found.get()).or(() -> newer(cache.latest(key), after));
                if (newer.isPresent() || last) {
                    return newer;
                }
                pause.sleepJittered(untilNextLook(pause, listener), listener, "for a change of '" + key + "'");
            }
        }
    }

    private static Optional<VersionRow> newer(Optional<VersionRow> newest, long after) {
        return newest.filter(row -> row.stamp().version() > after);
    }

    private static Duration untilNextLook(Deadline pause, CommitNotifier.Listener listener) {
        long waited = pause.elapsed().toNanos();
        return Duration.ofNanos(
                listener.hears()
                        ? Math.min(Math.max(waited / PART_HEARD, LEAST_HEARD), MOST_HEARD)
                        : Math.min(Math.max(waited / PART_UNHEARD, LEAST_UNHEARD), MOST_UNHEARD));
    }
}
