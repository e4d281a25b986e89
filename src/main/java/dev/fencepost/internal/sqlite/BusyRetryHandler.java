package dev.fencepost.internal.sqlite;

import dev.fencepost.internal.util.Deadline;
import dev.fencepost.internal.util.Patience;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.sqlite.BusyHandler;

/**
 * Waits for SQLite's locks. It spins at first, then parks for 50 to 200 microseconds at a time. SQLite's own busy
 * timeout sleeps longer the longer it has waited, so that under contention newer waiters overtake older ones.
 *
 * <p>The wait ends at the deadline of the thread's operation ({@link Patience}), or after the handler's own maximum
 * wait if that is earlier.
 */
final class BusyRetryHandler extends BusyHandler {
    private static final int SPINS = 20;
    private static final long LEAST_PARK = 50_000;
    private static final long MOST_PARK = 200_000;

    private final long patienceNanos;
    private final Runnable queueing;
    private final LongSupplier clock;
    private Patience patience;

    BusyRetryHandler(long patienceNanos) {
        this(patienceNanos, () -> {});
    }

    /**
     * Creates a handler that also waits in another way.
     *
     * @param patienceNanos the maximum wait, in nanoseconds
     * @param queueing the action before each park; the thread holds no lock of SQLite then
     */
    BusyRetryHandler(long patienceNanos, Runnable queueing) {
        this(patienceNanos, queueing, Deadline::now);
    }

    BusyRetryHandler(long patienceNanos, Runnable queueing, LongSupplier clock) {
        this.patienceNanos = patienceNanos;
        this.queueing = queueing;
        this.clock = clock;
        this.patience = Patience.of(patienceNanos, clock);
    }

    @Override
    protected int callback(int invocation) {
        if (invocation == 0) {
            patience = Patience.of(patienceNanos, clock);
        }
        if (invocation < SPINS) {
            Thread.onSpinWait();
            return 1;
        }
        if (patience.isOver()) {
            return 0;
        }
        queueing.run();
        park();
        return 1;
    }

    /** Parks for 50 to 200 microseconds. */
    static void park() {
        // A commit cannot be interrupted, and a park with the interrupt flag set would return at once.
        boolean interrupted = Thread.interrupted();
        LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(LEAST_PARK, MOST_PARK));
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
