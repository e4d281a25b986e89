package dev.fencepost;

/** An error for an argument that is out of its bounds. The message names the argument, the bound, and the remedy. */
public final class InvalidInputException extends FencepostException {
    private static final long serialVersionUID = 1;

    public InvalidInputException(String message) {
        super("invalid-input", false, message, null);
    }

    public InvalidInputException(String message, Throwable cause) {
        super("invalid-input", false, message, cause);
    }
}
