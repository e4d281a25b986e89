package dev.fencepost.event;

import java.util.Optional;

/** A background delivery of changes to a function, until this or the store is closed. Safe for use by many threads. */
public interface Subscription extends AutoCloseable {
    /** Returns the name of the cursor. */
    String cursor();

    /** Returns whether it still runs. It ends when it is closed, or {@linkplain CursorOvertakenException overtaken}. */
    boolean isRunning();

    /**
     * Returns the last failure; empty if a later change was handled. Any throwable of the function, checked exceptions
     * and errors included, is logged. The change is then tried again with a backoff of up to half a minute, here or in
     * another process that uses the same cursor. See {@link SubscriptionOptions} for a limit on attempts.
     */
    Optional<Throwable> failure();

    /** Ends the subscription, and waits for the running call of the function. Idempotent. */
    @Override
    void close();
}
