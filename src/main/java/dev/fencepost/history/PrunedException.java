package dev.fencepost.history;

import dev.fencepost.FencepostException;

/**
 * An error for a read of history that {@link Retention} has pruned. The history did exist.
 *
 * <p>A retry does not help; a read at a later time can.
 */
public final class PrunedException extends FencepostException {
    private static final long serialVersionUID = 1;

    public PrunedException(String message) {
        super("pruned", false, message, null);
    }
}
