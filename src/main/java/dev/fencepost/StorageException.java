package dev.fencepost;

/**
 * A failure of the machine: disk full, input/output error, out of memory. The commit was not applied, and the store
 * works again once the cause is removed.
 */
public final class StorageException extends FencepostException {
    private static final long serialVersionUID = 1;

    public StorageException(String message, Throwable cause) {
        super("failed", true, message, cause);
    }
}
