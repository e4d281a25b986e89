package dev.fencepost;

import java.util.Optional;

/** Changes that are handed to a function in the background, until this is closed or the store is. Safe for use by many threads. */
public interface Subscription extends AutoCloseable {
    /** The name of the cursor. */
    String cursor();

    /** Whether it still runs: not after closing, nor once it was {@linkplain CursorOvertakenException overtaken}. */
    boolean isRunning();

    /**
     * What went wrong last; empty if all went well since. What the function throws is tried again, after a pause that
     * grows to half a minute, with the same changes, here or where another process consumes by the same cursor.
     */
    Optional<Throwable> failure();

    /** Ends it, waiting for what the function is doing now. Idempotent. */
    @Override
    void close();
}
