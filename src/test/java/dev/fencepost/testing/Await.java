package dev.fencepost.testing;

import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for effects of other threads and processes. A condition that never holds ends with the test's time limit. */
public final class Await {
    private static final long LOOK_NANOS = 5_000_000;

    private Await() {}

    /** Waits until a condition holds. */
    public static void so(BooleanSupplier condition) throws InterruptedException {
        while (!condition.getAsBoolean()) {
            LockSupport.parkNanos(LOOK_NANOS);
            if (Thread.interrupted()) {
                throw new InterruptedException("waiting for what has not come");
            }
        }
    }
}
