package dev.fencepost;

/** Something that was handed in is out of its bounds. The message names it, the bound, and the remedy. */
public final class InvalidInputException extends FencepostException {
    private static final long serialVersionUID = 1;

    public InvalidInputException(String message) {
        super("invalid-input", false, message, null);
    }

    InvalidInputException(String message, Throwable cause) {
        super("invalid-input", false, message, cause);
    }
}
