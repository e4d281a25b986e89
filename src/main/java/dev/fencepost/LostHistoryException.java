package dev.fencepost;

import org.jspecify.annotations.Nullable;

/**
 * An error for a claim token, position, commit ID, snapshot or batch of a history that the store no longer has. The
 * store has since been restored from a backup or adopted as a copy. Nothing was written.
 *
 * <p>A retry does not help: get a new one from the store in its current state.
 */
public final class LostHistoryException extends FencepostException {
    private static final long serialVersionUID = 1;

    public LostHistoryException(String message) {
        this(message, null);
    }

    public LostHistoryException(String message, @Nullable Throwable cause) {
        super("lost-history", false, message, cause);
    }
}
