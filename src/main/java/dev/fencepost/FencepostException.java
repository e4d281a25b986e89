package dev.fencepost;

import org.jspecify.annotations.Nullable;

/** The base class of all exceptions of this library. */
public abstract sealed class FencepostException extends RuntimeException
        permits InvalidInputException,
                CodecException,
                ConflictException,
                ClaimedException,
                CommitRefusedException,
                CursorOvertakenException,
                ClaimBusyException,
                DeadlockException,
                FencedException,
                LostHistoryException,
                PrunedException,
                ResultTooLargeException,
                StreamConflictException,
                RetriesExhaustedException,
                SagaStateException,
                WriteLockTimeoutException,
                StoreClosedException,
                UnusableStoreException,
                StorageException,
                ValueTooLongException,
                OutcomeUnknownException,
                WaitInterruptedException {
    private static final long serialVersionUID = 1;

    private final String code;
    private final boolean retryable;

    FencepostException(String code, boolean retryable, String message, @Nullable Throwable cause) {
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
