package dev.fencepost;

/** Another holder has the right to write the key. Nothing was written. */
public final class ClaimedException extends FencepostException {
    private static final long serialVersionUID = 1;

    private final transient Claimed<?> refusal;

    public ClaimedException(Claimed<?> refusal) {
        super("claimed", refusal.retryable(), refusal.message(), null);
        this.refusal = refusal;
    }

    /** What stood in the way. */
    public Claimed<?> refusal() {
        return refusal;
    }
}
