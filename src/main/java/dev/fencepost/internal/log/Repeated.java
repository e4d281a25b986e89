package dev.fencepost.internal.log;

import dev.fencepost.internal.txn.Pause;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.function.BooleanSupplier;

/** Work that is done again and again on a thread of its own, until it is closed or says that it is over. */
final class Repeated implements AutoCloseable {
    private final Duration every;
    private final BooleanSupplier work;
    private final CountDownLatch closed = new CountDownLatch(1);

    private Repeated(Duration every, BooleanSupplier work) {
        this.every = every;
        this.work = work;
    }

    /**
     * Begins.
     *
     * @param every the pause between the end of one run and the beginning of the next, more or less
     * @param work returns whether to go on; must not throw
     */
    static Repeated begin(String name, Duration every, BooleanSupplier work) {
        Repeated repeated = new Repeated(every, work);
        Thread thread = new Thread(repeated::run, name);
        thread.setDaemon(true);
        thread.start();
        return repeated;
    }

    private void run() {
        while (closed.getCount() > 0 && work.getAsBoolean()) {
            if (Pause.within(every.multipliedBy(2)).about(every, closed, "to run again")) {
                return;
            }
        }
    }

    /** What is under way is done to its end. */
    @Override
    public void close() {
        closed.countDown();
    }
}
