package dev.fencepost;

import org.jspecify.annotations.Nullable;

/** The base class of all exceptions of this library. */
public abstract class FencepostException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final String code;
    private final boolean retryable;

    /**
     * Creates an exception. The library alone adds kinds of errors.
     *
     * @param code the short code of this kind of error
     * @param retryable whether the same call can succeed when it is made again later
     * @param message what failed, the bound or the cause, and the remedy
     * @param cause the cause, if there is one
     */
    protected FencepostException(String code, boolean retryable, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.code = code;
        this.retryable = retryable;
    }

    /** Returns a short code for the kind of error, for programs: {@code conflict}, {@code fenced} and so on. */
    public final String code() {
        return code;
    }

    /** Returns whether the same call can succeed when it is made again later. */
    public final boolean retryable() {
        return retryable;
    }
}
