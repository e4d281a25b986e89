package dev.fencepost;

import org.jspecify.annotations.Nullable;

/**
 * A claim token, position, commit id, snapshot or batch belongs to a history that the store no longer has, because the
 * store was restored from a backup or adopted as a copy since. Nothing was written.
 *
 * <p>A retry does not help: ask the store as it is now for a new one.
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
