package dev.fencepost.internal.saga;

/**
 * The refusal of an entry because nothing more may begin: a cancellation was requested, or a step has failed for good.
 * Never leaves this package.
 */
final class SagaHaltedSignal extends RuntimeException {
    private static final long serialVersionUID = 1;

    SagaHaltedSignal() {
        super(null, null, false, false);
    }
}
