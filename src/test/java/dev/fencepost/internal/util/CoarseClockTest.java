package dev.fencepost.internal.util;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/** The coarse clock, by which cached reads age. */
class CoarseClockTest {
    @RepeatedTest(20)
    void requestedTick_isFollowedByALaterOne() throws InterruptedException {
        long begun = CoarseClock.begin();
        awaitOther(begun);
        assertThat(CoarseClock.present()).isGreaterThan(begun);
    }

    @Test
    void clock_withoutRequests_stops() throws InterruptedException {
        // All ticks that were requested before have come when this one has.
        awaitOther(CoarseClock.begin());
        long before = CoarseClock.present();
        TimeUnit.MILLISECONDS.sleep(100);
        assertThat(CoarseClock.present()).isEqualTo(before);
    }

    @Test
    void presentTick_isAfterNever() {
        assertThat(CoarseClock.present()).isGreaterThan(CoarseClock.NEVER);
    }

    @Test
    void clock_underRandomRequests_isMonotonic_andNotTooFast() throws Exception {
        long seed = Long.getLong("fencepost.laws.seed", new Random().nextLong());
        System.out.println("coarse ticks: -Dfencepost.laws.seed=" + seed);
        Random random = new Random(seed);
        long begin = System.nanoTime();
        long first = CoarseClock.present();
        ExecutorService threads = Executors.newCachedThreadPool();
        try {
            List<Future<Long>> resting = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                Random own = new Random(random.nextLong());
                resting.add(threads.submit(() -> restOften(own)));
            }
            for (Future<Long> last : resting) {
                awaitOther(last.get());
            }
        } finally {
            threads.shutdownNow();
        }
        // Each tick began at least 20 ms after the one before; the first may have been under way already.
        long ticks = CoarseClock.present() - first;
        long most = 2 + TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin) / 20;
        assertThat(ticks).isBetween(1L, most);
    }

    private static long restOften(Random random) throws InterruptedException {
        long last = CoarseClock.NEVER;
        for (int i = 0; i < 60; i++) {
            long before = CoarseClock.present();
            long begun = CoarseClock.begin();
            long after = CoarseClock.present();
            assertThat(begun).isBetween(before, after).isGreaterThanOrEqualTo(last);
            last = begun;
            if (random.nextInt(8) == 0) {
                awaitOther(begun);
            } else {
                TimeUnit.MICROSECONDS.sleep(random.nextInt(6_000));
            }
        }
        return last;
    }

    private static void awaitOther(long tick) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (CoarseClock.present() == tick) {
            assertThat(System.nanoTime()).isLessThan(end);
            TimeUnit.MILLISECONDS.sleep(1);
        }
    }
}
