package dev.fencepost;

/**
 * An error for a list, read as a whole, of more than {@link Page#MAX_ENTRIES} entries or {@link Page#MAX_LIST_BYTES}
 * bytes of text. Nothing was returned.
 *
 * <p>A retry does not help. Read the list by page, with the method of the same name that takes a limit.
 */
public final class ResultTooLargeException extends FencepostException {
    private static final long serialVersionUID = 1;

    public ResultTooLargeException(String message) {
        super("result-too-large", false, message, null);
    }
}
