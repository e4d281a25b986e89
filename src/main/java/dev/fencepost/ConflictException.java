package dev.fencepost;

/** The exception for a precondition that did not hold. Nothing was written. */
public final class ConflictException extends FencepostException {
    private static final long serialVersionUID = 1;

    private final transient Conflict<?> refusal;

    public ConflictException(Conflict<?> refusal) {
        super("conflict", refusal.retryable(), refusal.message(), null);
        this.refusal = refusal;
    }

    /** Returns the refusal, with the newest version of the key. */
    public Conflict<?> refusal() {
        return refusal;
    }
}
