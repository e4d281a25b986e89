package dev.fencepost;

/** A precondition did not hold. Nothing was written. */
public final class ConflictException extends FencepostException {
    private static final long serialVersionUID = 1;

    private final transient Conflict<?> refusal;

    public ConflictException(Conflict<?> refusal) {
        super("conflict", refusal.retryable(), refusal.message(), null);
        this.refusal = refusal;
    }

    /** What stood in the way. */
    public Conflict<?> refusal() {
        return refusal;
    }
}
