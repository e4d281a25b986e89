package dev.fencepost;

/**
 * One thing that a commit rested on, where that was kept: what it then was can be read through a {@link Snapshot} of that
 * place.
 *
 * @param kind what it was
 * @param name of the key, the prefix or the stream
 * @param asOf the place in the order of the store as of which it was read, and as of which it still held when the commit
 *     was applied
 */
public record ReadDependency(Kind kind, String name, long asOf) {
    /** What can be rested on. */
    public enum Kind {
        /** The version of a key, or that there was none. */
        KEY,
        /** All keys with a prefix. */
        PREFIX,
        /** All events of a stream. */
        STREAM
    }
}
