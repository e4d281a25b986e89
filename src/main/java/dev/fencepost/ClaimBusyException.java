package dev.fencepost;

/** The keys are claimed by somebody else, or others came first to wait for them. */
public final class ClaimBusyException extends FencepostException {
    private static final long serialVersionUID = 1;

    private final transient ClaimResult.Busy result;

    public ClaimBusyException(ClaimResult.Busy result) {
        super("claimed", true, result.message(), null);
        this.result = result;
    }

    /** What stood in the way. */
    public ClaimResult.Busy result() {
        return result;
    }
}
