package dev.fencepost;

/**
 * What was asked for was there once, and has been let go by {@link Retention}. Not the same as having never been.
 *
 * <p>Asking again does not help; asking for a later time can.
 */
public final class PrunedException extends FencepostException {
    private static final long serialVersionUID = 1;

    public PrunedException(String message) {
        super("no-longer-kept", false, message, null);
    }
}
