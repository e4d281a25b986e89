package dev.fencepost.internal.util;

import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The deadline until which one operation waits for locks of the database, however many locks and attempts it needs. Immutable,
 * and safe for use by many threads.
 *
 * <p>An operation can need several locks: it opens a connection, reads, and commits, or cleans up after a failure. Each
 * wait by itself would begin the configured busy wait anew. So the deadline belongs to the operation: statements that
 * run {@link #during} it wait no longer than until then, and a nested operation never extends it.
 */
public final class Patience {
    private static final ThreadLocal<@Nullable Patience> OF_OPERATION = new ThreadLocal<>();

    private final LongSupplier clock;
    private final long end;

    private Patience(LongSupplier clock, long end) {
        this.clock = clock;
        this.end = end;
    }

    /**
     * Returns the deadline after a wait that begins now, or that of the thread's present operation if it is earlier.
     */
    public static Patience of(Duration wait) {
        return of(wait.toNanos(), Deadline::now);
    }

    /**
     * Returns the deadline after a wait that begins now, or that of the thread's present operation if it is earlier.
     *
     * @param nanos the length of the wait in nanoseconds
     * @param clock a clock in nanoseconds that never goes back
     */
    public static Patience of(long nanos, LongSupplier clock) {
        Patience patience = new Patience(clock, clock.getAsLong() + nanos);
        Patience present = OF_OPERATION.get();
        return present != null && present.endsBefore(patience) ? present : patience;
    }

    /** Returns whether the deadline has passed. */
    public boolean isOver() {
        return clock.getAsLong() - end >= 0;
    }

    /** Returns whether this deadline comes before another. */
    public boolean endsBefore(Patience other) {
        return end - other.end < 0;
    }

    /** Runs an operation of this thread, all of whose statements wait no longer than until the deadline. */
    public <R> R during(Supplier<R> operation) {
        Patience before = OF_OPERATION.get();
        OF_OPERATION.set(this);
        try {
            return operation.get();
        } finally {
            if (before == null) {
                OF_OPERATION.remove();
            } else {
                OF_OPERATION.set(before);
            }
        }
    }
}
