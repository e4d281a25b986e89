package dev.fencepost;

import java.util.Optional;

/** Changes that are handed to a function in the background, until this is closed or the store is. Safe for use by many threads. */
public interface Subscription extends AutoCloseable {
    /** The name of the cursor. */
    String cursor();

    /** Whether it still runs: not after closing, nor once it was {@linkplain CursorOvertakenException overtaken}. */
    boolean isRunning();

    /**
     * Returns the last failure; empty if a later change was handled. Whatever the function throws, checked exceptions and
     * errors included, it is logged, and the change is tried again after a pause that grows to half a minute, here or in
     * another process that consumes by the same cursor. See {@link SubscriptionOptions} for a limit on attempts.
     */
    Optional<Throwable> failure();

    /** Ends it, waiting for what the function is doing now. Idempotent. */
    @Override
    void close();
}
