package dev.fencepost.internal.txn;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/** The coarse clock that cached reads age by. */
class CoarseTickTest {
    @RepeatedTest(20)
    void whatRestsOnATick_ages() throws InterruptedException {
        long begun = CoarseTick.begin();
        awaitOther(begun);
        assertThat(CoarseTick.present()).isGreaterThan(begun);
    }

    @Test
    void whileNobodyRestsOnIt_itStandsStill() throws InterruptedException {
        // Whatever was awaited before has come after this.
        awaitOther(CoarseTick.begin());
        long before = CoarseTick.present();
        TimeUnit.MILLISECONDS.sleep(100);
        assertThat(CoarseTick.present()).isEqualTo(before);
    }

    @Test
    void itIsNeverTheOneThatIsNever() {
        assertThat(CoarseTick.present()).isGreaterThan(CoarseTick.NEVER);
    }

    private static void awaitOther(long tick) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (CoarseTick.present() == tick) {
            assertThat(System.nanoTime()).isLessThan(end);
            TimeUnit.MILLISECONDS.sleep(1);
        }
    }
}
