package dev.fencepost;

/**
 * The commit failed in a way that does not tell whether it was applied, as when the disk does not answer. Ask
 * {@link Store#outcome} with the commit's id before doing it again.
 */
public final class OutcomeUnknownException extends FencepostException {
    private static final long serialVersionUID = 1;

    private final transient CommitId commit;

    public OutcomeUnknownException(CommitId commit, String message, Throwable cause) {
        super("unknown-outcome", false, message, cause);
        this.commit = commit;
    }

    /** The attempt whose outcome is unknown. */
    public CommitId commit() {
        return commit;
    }
}
