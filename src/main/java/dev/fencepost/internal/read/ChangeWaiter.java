package dev.fencepost.internal.read;

import dev.fencepost.InvalidInputException;
import dev.fencepost.internal.sql.VersionRow;
import dev.fencepost.internal.util.Deadline;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
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

    private final ReadCache cache;
    private final CommitNotifier notifier;
    private final Duration longestWait;

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
        Optional<VersionRow> newer = newer(key, after);
        return newer.isPresent() || wait.isZero() ? newer : awaitCall(key, after, pause);
    }

    private Optional<VersionRow> awaitCall(String key, long after, Deadline pause) {
        AtomicReference<@Nullable VersionRow> found = new AtomicReference<>();
        BooleanSupplier look = () -> {
            Optional<VersionRow> newer = newer(key, after);
            newer.ifPresent(found::set);
            return newer.isPresent();
        };
        try (CommitNotifier.Listener listener = notifier.listen(List.of(key), look)) {
            while (true) {
                boolean last = pause.over();
                // A notifying thread has found the version already, unless its check failed.
                if (found.get() != null || look.getAsBoolean() || last) {
                    return Optional.ofNullable(found.get());
                }
                pause.sleepJittered(untilNextLook(pause, listener), listener, "for a change of '" + key + "'");
            }
        }
    }

    private Optional<VersionRow> newer(String key, long after) {
        return cache.latest(key).filter(row -> row.stamp().version() > after);
    }

    private static Duration untilNextLook(Deadline pause, CommitNotifier.Listener listener) {
        long waited = pause.elapsed().toNanos();
        return Duration.ofNanos(
                listener.hears()
                        ? Math.min(Math.max(waited / PART_HEARD, LEAST_HEARD), MOST_HEARD)
                        : Math.min(Math.max(waited / PART_UNHEARD, LEAST_UNHEARD), MOST_UNHEARD));
    }
}
