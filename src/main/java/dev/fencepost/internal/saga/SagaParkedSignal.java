package dev.fencepost.internal.saga;

/**
 * The end of a run because the saga waits for another agent's report. It needs no coordinator until then. Never leaves
 * this package.
 */
final class SagaParkedSignal extends RuntimeException {
    private static final long serialVersionUID = 1;

    SagaParkedSignal() {
        super(null, null, false, false);
    }
}
