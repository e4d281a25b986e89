package dev.fencepost.internal.util;

import dev.fencepost.StoreClosedException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The background work that callers have begun on one store, and that ends with it. Safe for use by many threads. */
public final class PeriodicTask implements AutoCloseable {
    /** The longest wait for passes under way when the store is closed. A caller's function may take longer. */
    private static final Duration LONGEST_END = Duration.ofSeconds(5);

    private static final Logger LOG = LoggerFactory.getLogger(PeriodicTask.class);

    private final Set<BackgroundThread> running = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /**
     * Begins work that is repeated, at once and then after a random pause around the given one.
     *
     * @param every from a millisecond to 365 days
     * @throws StoreClosedException if the store has been closed
     */
    public BackgroundThread every(String name, Duration every, Runnable work) {
        return begin(
                name,
                () -> {
                    work.run();
                    return around(every);
                },
                every);
    }

    private static Duration around(Duration every) {
        long nanos = every.toNanos();
        return Duration.ofNanos(nanos / 2 + ThreadLocalRandom.current().nextLong(nanos + 1));
    }

    /**
     * Begins work at once.
     *
     * @param pass does the work once, and returns the pause until the next pass
     * @param afterFailure the pause after a pass that threw
     * @throws StoreClosedException if the store has been closed
     */
    public BackgroundThread begin(String name, Supplier<Duration> pass, Duration afterFailure) {
        running.removeIf(BackgroundThread::isOver);
        BackgroundThread task = new BackgroundThread(name, pass, afterFailure);
        running.add(task);
        if (closed) {
            task.close();
            throw new StoreClosedException();
        }
        task.beginAfter(Duration.ZERO);
        return task;
    }

    /** Ends all work, and lets none begin any more. Does not wait: see {@link #awaitEnd}. */
    @Override
    public void close() {
        closed = true;
        running.forEach(BackgroundThread::close);
    }

    /** Waits for the passes that were under way when all work was ended, for a bounded time in all. */
    public void awaitEnd() {
        Deadline pause = Deadline.after(LONGEST_END);
        List<BackgroundThread> left = running.stream()
                .filter(task -> !task.awaitEnd(pause.remaining()))
                .toList();
        if (!left.isEmpty()) {
            LOG.warn("The store is closed, and these still run what was given to them: {}", left);
        }
    }
}
