package dev.fencepost;

/**
 * Some of the changes after a cursor have been let go by {@link Retention} before they were read. Nothing was passed by:
 * the cursor stands where it stood.
 *
 * <p>To go on, read the present state through a {@link Snapshot}, and {@linkplain ChangeFeed#move move} the cursor to the
 * snapshot's sequence; or move it to {@link #evictedTo()}, giving up what was let go.
 */
public final class CursorOvertakenException extends FencepostException {
    private static final long serialVersionUID = 1;

    private final long after;
    private final long evictedTo;

    public CursorOvertakenException(String what, long after, long evictedTo) {
        super(
                "overtaken",
                false,
                what + " stands after sequence " + after + ", and changes up to sequence " + evictedTo
                        + " are no longer kept. Read the present state through a snapshot and go on after its sequence, or"
                        + " go on after sequence " + evictedTo + " without them",
                null);
        this.after = after;
        this.evictedTo = evictedTo;
    }

    /** The place after which was to be read. */
    public long after() {
        return after;
    }

    /** The place up to which some of it may be missing. */
    public long evictedTo() {
        return evictedTo;
    }
}
