package dev.fencepost;

/** Thrown where a {@link StreamConflict} is not looked at but unwrapped. */
public final class StreamConflictException extends FencepostException {
    private static final long serialVersionUID = 1;

    private final transient StreamConflict<?> conflict;

    public StreamConflictException(StreamConflict<?> conflict) {
        super("conflict", conflict.retryable(), conflict.message(), null);
        this.conflict = conflict;
    }

    public StreamConflict<?> conflict() {
        return conflict;
    }
}
