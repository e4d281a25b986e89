package dev.fencepost.internal.saga;

import dev.fencepost.StepFailedException;

/** Carries a step's failure out of its transaction, so that nothing of it is committed. Never leaves this package. */
final class Unwound extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient StepFailedException failure;

    Unwound(StepFailedException failure) {
        super(null, failure, false, false);
        this.failure = failure;
    }

    StepFailedException failure() {
        return failure;
    }
}
