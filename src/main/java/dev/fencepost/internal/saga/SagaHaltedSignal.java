package dev.fencepost.internal.saga;

/** Somebody has asked for the end of the saga, so that nothing new begins. Never leaves this package. */
final class SagaHaltedSignal extends RuntimeException {
    private static final long serialVersionUID = 1;

    SagaHaltedSignal() {
        super(null, null, false, false);
    }
}
