package dev.fencepost.internal.sql;

import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import org.sqlite.BusyHandler;

/**
 * Waits for SQLite's locks: spins at first, then parks for 50 to 200 microseconds at a time. SQLite's own busy timeout
 * sleeps longer the longer it has waited, so that under contention latecomers overtake those who wait longest.
 */
final class PatientHandler extends BusyHandler {
    private static final int SPINS = 20;
    private static final long LEAST_PARK = 50_000;
    private static final long MOST_PARK = 200_000;

    private final long patienceNanos;
    private final Runnable queueing;
    private long since;

    PatientHandler(long patienceNanos) {
        this(patienceNanos, () -> {});
    }

    /**
     * A handler that also waits in another way.
     *
     * @param queueing run before each time that it parks; no lock of SQLite's is held then
     */
    PatientHandler(long patienceNanos, Runnable queueing) {
        this.patienceNanos = patienceNanos;
        this.queueing = queueing;
    }

    @Override
    protected int callback(int invocation) {
        if (invocation == 0) {
            since = System.nanoTime();
        }
        if (invocation < SPINS) {
            Thread.onSpinWait();
            return 1;
        }
        if (System.nanoTime() - since > patienceNanos) {
            return 0;
        }
        queueing.run();
        // A commit cannot be interrupted, and parking with the flag set would be spinning.
        boolean interrupted = Thread.interrupted();
        LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(LEAST_PARK, MOST_PARK));
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return 1;
    }
}
