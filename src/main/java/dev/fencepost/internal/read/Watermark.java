package dev.fencepost.internal.read;

import dev.fencepost.internal.engine.StateToken;
import dev.fencepost.internal.util.CoarseClock;
import org.jspecify.annotations.Nullable;

/**
 * The place up to which the log of changes has been followed. Immutable, so that a reader compares with what it
 * read.
 *
 * @param state the state before the log was asked; null if it was unavailable
 * @param tick the tick in which the file was last found in its place
 * @param sequence the sequence of the newest commit that was followed
 * @param at the time at which that commit was the newest in the file
 */
record Watermark(@Nullable StateToken state, long tick, long sequence, long at) {
    static final Watermark NOTHING = new Watermark(null, CoarseClock.NEVER, -1, 0);

    Watermark servedIn(long later) {
        return new Watermark(state, Math.max(tick, later), sequence, at);
    }

    Watermark latestAt(long time) {
        return new Watermark(state, tick, sequence, time);
    }
}
