package dev.fencepost.saga;

import dev.fencepost.internal.util.Arguments;
import org.jspecify.annotations.Nullable;

/**
 * The definite failure of a step's action or compensation: it certainly did not happen. Any other exception from an
 * action outside of the store leaves the step in doubt.
 */
public final class StepFailedException extends Exception {
    private static final long serialVersionUID = 1;

    private final boolean retryable;

    private StepFailedException(boolean retryable, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.retryable = retryable;
    }

    /** Creates a failure that may succeed the next time. */
    public static StepFailedException retryable(String message) {
        Arguments.required(message, "message");
        return new StepFailedException(true, message, null);
    }

    /** Creates a failure that may succeed the next time. */
    public static StepFailedException retryable(String message, Throwable cause) {
        Arguments.required(message, "message");
        Arguments.required(cause, "cause");
        return new StepFailedException(true, message, cause);
    }

    /** Creates a failure that no retry can fix. */
    public static StepFailedException permanent(String message) {
        Arguments.required(message, "message");
        return new StepFailedException(false, message, null);
    }

    /** Returns whether a retry can help. */
    public boolean retryable() {
        return retryable;
    }
}
