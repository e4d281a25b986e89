package dev.fencepost;

/**
 * An error for a commit that may or may not be applied, for example because the disk did not answer. Call
 * {@link Store#outcome} with the commit's ID before you repeat the commit.
 */
public final class OutcomeUnknownException extends FencepostException {
    private static final long serialVersionUID = 1;

    private final transient CommitId commit;

    public OutcomeUnknownException(CommitId commit, String message, Throwable cause) {
        super("unknown-outcome", false, message, cause);
        this.commit = commit;
    }

    /** Returns the ID of the commit whose outcome is unknown. */
    public CommitId commit() {
        return commit;
    }
}
