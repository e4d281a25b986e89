package dev.fencepost;

/** What was asked of a saga cannot be; says why and what to do instead. Nothing was changed. */
public final class SagaStateException extends FencepostException {
    private static final long serialVersionUID = 1;

    public SagaStateException(String message) {
        super("saga", false, message, null);
    }
}
