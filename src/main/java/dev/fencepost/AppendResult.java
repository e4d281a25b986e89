package dev.fencepost;

/** The result of an append to one stream. */
public sealed interface AppendResult<T> permits Appended, StreamConflict {
    /**
     * Returns the appended events.
     *
     * @throws StreamConflictException if the stream did not end where it was expected to, or has an event of the same
     *     ID with another body; nothing was written
     */
    Appended<T> orThrow();
}
