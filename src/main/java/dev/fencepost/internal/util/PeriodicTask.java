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

/** The background tasks that callers started on one store, which end with it. Safe for use by many threads. */
public final class PeriodicTask implements AutoCloseable {
    /** The maximum wait for running passes when the store is closed. A caller's function may take longer. */
    private static final Duration LONGEST_END = Duration.ofSeconds(5);

    private static final Logger LOG = LoggerFactory.getLogger(PeriodicTask.class);

    private final Set<BackgroundThread> running = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /**
     * Starts a task that runs at once, and again after each random pause of half to one and a half times a duration.
     *
     * @param every the mean pause, from a millisecond to 365 days
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
     * Starts a task, with the first pass at once.
     *
     * @param pass one pass of the task, which returns the pause until the next pass
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

    /** Closes all tasks, and refuses new ones. Does not wait: see {@link #awaitEnd}. */
    @Override
    public void close() {
        closed = true;
        running.forEach(BackgroundThread::close);
    }

    /**
     * Waits for the passes that were running when the tasks were closed, for at most 5 seconds in all. Logs the tasks
     * that still run.
     */
    public void awaitEnd() {
        Deadline pause = Deadline.after(LONGEST_END);
        List<BackgroundThread> left = running.stream()
                .filter(task -> !task.awaitEnd(pause.remaining()))
                .toList();
        if (!left.isEmpty()) {
            LOG.warn("Store closed while callbacks still run on these threads: {}", left);
        }
    }
}
