package dev.fencepost.testing;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** A clock that moves only when a test sets it, forward or back. Thread-safe. */
public final class SettableClock implements InstantSource {
    private volatile long elapsed;
    private volatile Instant now = Instant.parse("2030-01-01T00:00:00Z");

    @Override
    public Instant instant() {
        return now;
    }

    /** Returns the elapsed time, in nanoseconds. */
    public long nanos() {
        return elapsed;
    }

    /** Advances the clock and the elapsed time together. */
    public synchronized void pass(Duration length) {
        elapsed += length.toNanos();
        advance(length);
    }

    /** Moves the clock alone; a negative length puts it back. */
    public synchronized void advance(Duration length) {
        now = now.plus(length);
    }
}
