package dev.fencepost;

/** The exception for a claim that was not granted: another holder has the keys, or other requests wait first. */
public final class ClaimBusyException extends FencepostException {
    private static final long serialVersionUID = 1;

    private final transient ClaimResult.Busy result;

    public ClaimBusyException(ClaimResult.Busy result) {
        super("claimed", true, result.message(), null);
        this.result = result;
    }

    /** Returns the result that names the blocking holders. */
    public ClaimResult.Busy result() {
        return result;
    }
}
