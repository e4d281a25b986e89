package dev.fencepost.internal.saga;

/** Carries a step's failure out of its transaction, so that nothing of it is committed. Never leaves this package. */
final class StepFailedSignal extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient Throwable failure;

    StepFailedSignal(Throwable failure) {
        super(null, failure, false, false);
        this.failure = failure;
    }

    Throwable failure() {
        return failure;
    }
}
