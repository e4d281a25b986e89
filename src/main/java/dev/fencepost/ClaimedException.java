package dev.fencepost;

/** The exception for a write to a key that another holder has the right to write. Nothing was written. */
public final class ClaimedException extends FencepostException {
    private static final long serialVersionUID = 1;

    private final transient Claimed<?> refusal;

    public ClaimedException(Claimed<?> refusal) {
        super("claimed", refusal.retryable(), refusal.message(), null);
        this.refusal = refusal;
    }

    /** Returns the refusal, with the claim on the key. */
    public Claimed<?> refusal() {
        return refusal;
    }
}
