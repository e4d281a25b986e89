package dev.fencepost.internal.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The watchdog, which bounds waits that have no bound of their own. */
@Timeout(60)
class WatchdogTest {
    @Test
    void endedWait_triggersNoFurtherAction() throws Exception {
        CountDownLatch acting = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        AtomicBoolean done = new AtomicBoolean();
        try (Watchdog watchdog = new Watchdog(
                () -> {
                    acting.countDown();
                    awaitQuietly(goOn);
                    done.set(true);
                    return true;
                },
                Duration.ofMillis(1))) {
            watchdog.begin();
            acting.await();
            FutureTask<Boolean> doneWhenOver = new FutureTask<>(() -> {
                watchdog.end();
                return done.get();
            });
            Thread ending = new Thread(doneWhenOver);
            ending.start();
            while (ending.getState() != Thread.State.BLOCKED && ending.getState() != Thread.State.TERMINATED) {
                Thread.onSpinWait();
            }
            goOn.countDown();
            assertThat(doneWhenOver.get()).isTrue();
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
