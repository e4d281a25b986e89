package dev.fencepost.internal.commit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fencepost.internal.commit.ContendedKeys.Place;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The order of transactions that were refused because of one key. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ContendedKeysTest {
    private final ContendedKeys keys = new ContendedKeys();
    private final Place first = keys.place();

    /** Starts a thread that takes the lock of a key, and returns when it waits for it. */
    private FutureTask<Boolean> waiting(String name, List<String> order) {
        FutureTask<Boolean> task = new FutureTask<>(() -> {
            try (Place place = keys.place()) {
                boolean taken = place.refused(List.of("k"));
                order.add(name);
                return taken;
            }
        });
        awaitWaiting(start(task));
        return task;
    }

    private static Thread start(FutureTask<?> task) {
        Thread thread = new Thread(task);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private static void awaitWaiting(Thread thread) {
        while (thread.isAlive() && thread.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }
    }

    /** Repeats a scenario in which a thread may have given up, because the machine is busy. */
    private static void untilInTime(Scenario scenario) throws Exception {
        for (int tries = 1; !scenario.isDone(); tries++) {
            assertThat(tries).isLessThan(100);
        }
    }

    private interface Scenario {
        boolean isDone() throws Exception;
    }

    @Test
    void firstRefused_isTheNextToHaveTheKey() throws Exception {
        untilInTime(() -> {
            List<String> order = Collections.synchronizedList(new ArrayList<>());
            assertThat(first.refused(List.of("k"))).isTrue();
            FutureTask<Boolean> second = waiting("second", order);
            FutureTask<Boolean> third = waiting("third", order);
            first.close();
            boolean inTime = second.get() & third.get();
            return inTime && order.equals(List.of("second", "third"));
        });
        assertThat(keys.isContended("k")).isFalse();
    }

    @Test
    void reader_ofAContendedKey_waits_andReadsAgain() throws Exception {
        untilInTime(() -> {
            CountDownLatch has = new CountDownLatch(1);
            CountDownLatch goOn = new CountDownLatch(1);
            FutureTask<Boolean> refused = new FutureTask<>(() -> {
                try (Place place = keys.place()) {
                    boolean taken = place.refused(List.of("k"));
                    has.countDown();
                    goOn.await();
                    return taken;
                }
            });
            start(refused);
            has.await();
            FutureTask<Boolean> reads = new FutureTask<>(() -> {
                try (Place place = keys.place()) {
                    return place.awaitRefused(List.of("another", "k"));
                }
            });
            awaitWaiting(start(reads));
            goOn.countDown();
            return refused.get() && reads.get();
        });
    }

    @Test
    void reader_ofOtherKeys_doesNotWait() {
        Place other = keys.place();
        assertThat(other.awaitRefused(List.of("k"))).isFalse();
        assertThat(first.refused(List.of("k"))).isTrue();
        assertThat(other.awaitRefused(List.of("another"))).isFalse();
        assertThat(first.awaitRefused(List.of("k"))).isFalse();
        first.close();
        assertThat(other.awaitRefused(List.of("k"))).isFalse();
    }

    @Test
    void refusal_withoutAKey_takesNoLock() {
        assertThat(first.refused(List.of())).isFalse();
        assertThat(first.refused(List.of("k"))).isTrue();
        assertThat(first.refused(List.of("k"))).isTrue();
        first.close();
        assertThat(keys.isContended("k")).isFalse();
    }

    @Test
    void transaction_hasTheLockOfTheLeastKeyOnly() {
        Place other = keys.place();
        assertThat(other.refused(List.of("b"))).isTrue();
        assertThat(first.refused(List.of("c"))).isTrue();
        other.close();
        assertThat(other.refused(List.of("b"))).isTrue();
        other.close();
        assertThat(first.refused(List.of("b", "a"))).isTrue();
        assertThat(keys.isContended("a")).isTrue();
        assertThat(keys.isContended("b")).isFalse();
        assertThat(keys.isContended("c")).isFalse();
        first.close();
    }

    @Test
    void transaction_waitsNoLongerThanTheBound() throws Exception {
        assertThat(first.refused(List.of("k"))).isTrue();
        FutureTask<Boolean> second = waiting("second", new ArrayList<>());
        assertThat(second.get()).isFalse();
        assertThat(keys.isContended("k")).isTrue();
        first.close();
        assertThat(keys.isContended("k")).isFalse();
    }

    @Test
    void interruptedTransaction_takesNoLock_andKeepsTheFlag() {
        Thread.currentThread().interrupt();
        assertThat(first.refused(List.of("k"))).isFalse();
        assertThat(Thread.interrupted()).isTrue();
        assertThat(keys.isContended("k")).isFalse();
    }
}
