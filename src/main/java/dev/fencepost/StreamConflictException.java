package dev.fencepost;

/** The exception form of a {@link StreamConflict}, thrown if the caller unwraps it. */
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
