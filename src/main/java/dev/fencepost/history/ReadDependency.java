package dev.fencepost.history;

import dev.fencepost.Snapshot;

/**
 * A stored entry of a commit's read set. A {@link Snapshot} of the position {@code asOf} shows the value that was read.
 *
 * @param kind the kind of the dependency
 * @param name the name of the key, the prefix or the stream
 * @param asOf the sequence at which it was read, and as of which it was still valid when the commit was applied
 */
public record ReadDependency(Kind kind, String name, long asOf) {
    /** The kind of a dependency. */
    public enum Kind {
        /** The version of a key, or its absence. */
        KEY,
        /** All keys with a prefix. */
        PREFIX,
        /** All events of a stream. */
        STREAM
    }
}
