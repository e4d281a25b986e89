package dev.fencepost;

/** The interruption of a waiting thread. Its interrupt flag is set again. Nothing was written. */
public final class WaitInterruptedException extends FencepostException {
    private static final long serialVersionUID = 1;

    public WaitInterruptedException(String what, InterruptedException cause) {
        super("interrupted", true, "Interrupted while waiting " + what, cause);
    }
}
