package dev.fencepost.benchmarks.processes;

import dev.fencepost.Key;
import dev.fencepost.Store;
import dev.fencepost.Versioned;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/** How a process waits for a change that another process makes. */
final class Waiting {
    private static final long POLL_NANOS = 500_000;

    private Waiting() {}

    /**
     * The newest version of a key, as soon as it is greater than the given one.
     *
     * @param wait the longest wait
     * @return empty if the wait ended first
     */
    static Optional<Versioned<String>> awaitChange(Store store, Key<String> key, long after, Duration wait) {
        long end = System.nanoTime() + wait.toNanos();
        while (true) {
            Optional<Versioned<String>> newer = store.get(key).filter(found -> found.version() > after);
            if (newer.isPresent() || System.nanoTime() - end >= 0) {
                return newer;
            }
            LockSupport.parkNanos(Math.min(POLL_NANOS, end - System.nanoTime()));
        }
    }
}
