package dev.fencepost.event;

import dev.fencepost.FencepostException;
import dev.fencepost.Snapshot;
import dev.fencepost.history.Retention;

/**
 * The exception for reading changes that {@link Retention} pruned before they were read. No change was skipped, and a
 * cursor keeps its position.
 *
 * <p>To continue, read the present state through a {@link Snapshot}, and {@linkplain ChangeFeed#move move} the cursor
 * to the snapshot's sequence. Or move it to {@link #prunedThrough()}, without the pruned changes.
 */
public final class CursorOvertakenException extends FencepostException {
    private static final long serialVersionUID = 1;

    private final long after;
    private final long prunedThrough;

    public CursorOvertakenException(String what, long after, long prunedThrough) {
        super(
                "overtaken",
                false,
                what + " is after sequence " + after + ", and changes up to sequence " + prunedThrough
                        + " were pruned. Read the current state through a snapshot and continue after its sequence, or"
                        + " continue after sequence " + prunedThrough + " without them",
                null);
        this.after = after;
        this.prunedThrough = prunedThrough;
    }

    /** Returns the sequence after which the changes were to be read. */
    public long after() {
        return after;
    }

    /** Returns the sequence up to which changes may be missing. */
    public long prunedThrough() {
        return prunedThrough;
    }
}
