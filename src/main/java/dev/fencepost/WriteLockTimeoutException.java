package dev.fencepost;

import org.jspecify.annotations.Nullable;

/**
 * Another process kept SQLite's write lock for longer than {@link StoreConfig#writeLockTimeout()}: it is stopped, or something
 * else has the file open in a long transaction. Nothing was written.
 */
public final class WriteLockTimeoutException extends FencepostException {
    private static final long serialVersionUID = 1;

    public WriteLockTimeoutException(String message, @Nullable Throwable cause) {
        super("busy", true, message, cause);
    }
}
