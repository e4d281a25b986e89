package dev.fencepost;

/**
 * A list that was asked for as a whole has more than {@link Page#MAX_ENTRIES} entries, or more than
 * {@link Page#MAX_LIST_BYTES} bytes of text. Nothing was returned.
 *
 * <p>A retry does not help: read the list page by page, by the method of the same name that takes a limit.
 */
public final class ResultTooLargeException extends FencepostException {
    private static final long serialVersionUID = 1;

    public ResultTooLargeException(String message) {
        super("result-too-large", false, message, null);
    }
}
