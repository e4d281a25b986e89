package dev.fencepost;

/** The exception for a claim that deadlock detection refused, because waiting would never end. */
public final class DeadlockException extends FencepostException {
    private static final long serialVersionUID = 1;

    private final transient ClaimResult.Deadlock result;

    public DeadlockException(ClaimResult.Deadlock result) {
        super("deadlock", true, result.message(), null);
        this.result = result;
    }

    /** Returns the result, with the cycle of requests. */
    public ClaimResult.Deadlock result() {
        return result;
    }
}
