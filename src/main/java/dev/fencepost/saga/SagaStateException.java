package dev.fencepost.saga;

import dev.fencepost.FencepostException;

/**
 * An error for an operation that the saga's state does not allow. The message gives the reason and the remedy. Nothing
 * was changed.
 */
public final class SagaStateException extends FencepostException {
    private static final long serialVersionUID = 1;

    public SagaStateException(String message) {
        super("saga", false, message, null);
    }
}
