package dev.fencepost;

import org.jspecify.annotations.Nullable;

/**
 * A timeout of the wait for SQLite's write lock, which another process held for longer than
 * {@link StoreConfig#writeLockTimeout()}. That process is stopped, or other code has the file open in a long
 * transaction. Nothing was written.
 */
public final class WriteLockTimeoutException extends FencepostException {
    private static final long serialVersionUID = 1;

    public WriteLockTimeoutException(String message, @Nullable Throwable cause) {
        super("busy", true, message, cause);
    }
}
