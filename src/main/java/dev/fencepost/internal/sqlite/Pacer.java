package dev.fencepost.internal.sqlite;

import dev.fencepost.internal.util.Deadline;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import org.sqlite.ProgressHandler;

/**
 * Paces long background work on a file: after some milliseconds of work, the thread rests for as long as it worked. So
 * the work takes about half of one processor, and other processes use the disk in between. Used by one thread at a
 * time.
 */
final class Pacer extends ProgressHandler {
    /** The number of SQLite's virtual instructions between two reads of the clock. */
    static final int INSTRUCTIONS = 2_000;

    /** Work after which the thread rests, in nanoseconds. Shorter rests would cost more than they give. */
    private static final long WORK = 2_000_000;

    /** The longest rest, in nanoseconds: a thread that was suspended did not work. */
    private static final long MOST_REST = 20_000_000;

    private final LongSupplier clock;
    private final LongConsumer rest;
    private long begin;

    Pacer() {
        this(Deadline::now, LockSupport::parkNanos);
    }

    /**
     * Creates a pacer that begins to work now.
     *
     * @param clock a clock in nanoseconds
     * @param rest sleeps for a number of nanoseconds
     */
    Pacer(LongSupplier clock, LongConsumer rest) {
        this.clock = clock;
        this.rest = rest;
        this.begin = clock.getAsLong();
    }

    /** Rests if the thread has worked for long enough. */
    void pace() {
        long worked = clock.getAsLong() - begin;
        if (worked >= WORK) {
            rest.accept(Math.min(worked, MOST_REST));
            begin = clock.getAsLong();
        }
    }

    /** Rests within a statement, which then goes on. */
    @Override
    protected int progress() {
        pace();
        return 0;
    }
}
