package dev.fencepost;

/** Waiting for the claim would never end. */
public final class DeadlockException extends FencepostException {
    private static final long serialVersionUID = 1;

    private final transient ClaimResult.Deadlock result;

    public DeadlockException(ClaimResult.Deadlock result) {
        super("deadlock", true, result.message(), null);
        this.result = result;
    }

    /** What stood in the way. */
    public ClaimResult.Deadlock result() {
        return result;
    }
}
