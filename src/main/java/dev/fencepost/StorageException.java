package dev.fencepost;

/**
 * The machine failed in the middle: disk full, input/output error, out of memory. The commit was not applied, and the
 * store goes on working when the cause is gone.
 */
public final class StorageException extends FencepostException {
    private static final long serialVersionUID = 1;

    public StorageException(String message, Throwable cause) {
        super("failed", true, message, cause);
    }
}
