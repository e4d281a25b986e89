package dev.fencepost;

import java.time.Instant;

/** A value with its version. Immutable if the value is. */
public record Versioned<T>(Key<T> key, T value, VersionInfo stamp) {
    /** Returns the version of the value: 1, 2, 3 and so on for each key. */
    public long version() {
        return stamp.version();
    }

    /** Returns the place of its commit in the order of the store. */
    public long sequence() {
        return stamp.sequence();
    }

    /** Returns the name of the agent that wrote it; {@code sql} for an edit at a SQL prompt. */
    public String writer() {
        return stamp.writer();
    }

    /** Returns the time of the commit, by the writer's clock. */
    public Instant committedAt() {
        return stamp.committedAt();
    }
}
