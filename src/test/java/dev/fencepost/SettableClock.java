package dev.fencepost;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** A time of day that moves only when it is told to, forward or back. Safe for use by many threads. */
public final class SettableClock implements InstantSource {
    private volatile long elapsed;
    private volatile Instant now = Instant.parse("2030-01-01T00:00:00Z");

    @Override
    public Instant instant() {
        return now;
    }

    /** Elapsed time, in nanoseconds. */
    public long nanos() {
        return elapsed;
    }

    /** Lets time pass: moves the clock, and the elapsed time with it. */
    public synchronized void pass(Duration length) {
        elapsed += length.toNanos();
        advance(length);
    }

    /** Moves the clock; a negative length puts it back. */
    public synchronized void advance(Duration length) {
        now = now.plus(length);
    }
}
