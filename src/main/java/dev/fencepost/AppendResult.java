package dev.fencepost;

/** What became of an append to one stream. */
public sealed interface AppendResult<T> permits Appended, StreamConflict {
    /**
     * What was appended.
     *
     * @throws StreamConflictException if the stream did not end where it was expected to, or has an event of the same ID
     *     with another body; nothing was written
     */
    Appended<T> orThrow();
}
