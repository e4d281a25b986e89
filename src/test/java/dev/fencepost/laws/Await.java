package dev.fencepost.laws;

import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for what other threads and processes bring about; what never comes ends with the test's own time limit. */
final class Await {
    private static final long LOOK_NANOS = 5_000_000;

    private Await() {}

    /** Returns once it is so. */
    static void so(BooleanSupplier condition) throws InterruptedException {
        while (!condition.getAsBoolean()) {
            LockSupport.parkNanos(LOOK_NANOS);
            if (Thread.interrupted()) {
                throw new InterruptedException("waiting for what has not come");
            }
        }
    }
}
