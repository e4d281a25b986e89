package dev.fencepost;

/** What became of an append to one stream. */
public sealed interface AppendResult<T> permits Appended, StreamConflict {
    /**
     * What was appended.
     *
     * @throws StreamConflictException if the stream did not end where it was expected to; nothing was written
     */
    Appended<T> orThrow();
}
