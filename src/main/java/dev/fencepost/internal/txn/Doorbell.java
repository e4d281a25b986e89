package dev.fencepost.internal.txn;

/**
 * Tells threads of this process that something may have become free, so that they look at once instead of at their next
 * turn. Other processes are not heard; whoever waits must look by itself now and then.
 */
public final class Doorbell {
    private long rings;

    /** How often it has rung; to be asked before looking, and given to the wait after it. */
    public synchronized long rings() {
        return rings;
    }

    /** Wakes all who wait. */
    public synchronized void ring() {
        rings++;
        notifyAll();
    }

    /** Waits until it has rung since {@code heard}, but no longer than the given time; may return too early. */
    @SuppressWarnings("WaitNotInLoop") // whoever wakes for no reason looks once too often, which does no harm
    synchronized void await(long heard, long nanos) throws InterruptedException {
        if (rings == heard && nanos > 0) {
            wait(nanos / 1_000_000, (int) (nanos % 1_000_000));
        }
    }
}
