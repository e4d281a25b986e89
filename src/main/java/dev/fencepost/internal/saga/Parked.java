package dev.fencepost.internal.saga;

/** The saga waits for another agent's report, and needs no coordinator until then. Never leaves this package. */
final class Parked extends RuntimeException {
    private static final long serialVersionUID = 1;

    Parked() {
        super(null, null, false, false);
    }
}
