package dev.fencepost;

import org.jspecify.annotations.Nullable;

/**
 * Thrown by the action of a step, or by its undoing: it certainly did not happen. Whatever else an action outside of the
 * store throws says that nobody knows whether it happened.
 */
public final class StepFailedException extends Exception {
    private static final long serialVersionUID = 1;

    private final boolean retryable;

    private StepFailedException(boolean retryable, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.retryable = retryable;
    }

    /** It did not happen, but may the next time. */
    public static StepFailedException retryable(String message) {
        Arguments.required(message, "message");
        return new StepFailedException(true, message, null);
    }

    /** It did not happen, but may the next time. */
    public static StepFailedException retryable(String message, Throwable cause) {
        Arguments.required(message, "message");
        Arguments.required(cause, "cause");
        return new StepFailedException(true, message, cause);
    }

    /** It did not happen, and will not however often it is tried. */
    public static StepFailedException permanent(String message) {
        Arguments.required(message, "message");
        return new StepFailedException(false, message, null);
    }

    /** Whether to try again can help. */
    public boolean retryable() {
        return retryable;
    }
}
