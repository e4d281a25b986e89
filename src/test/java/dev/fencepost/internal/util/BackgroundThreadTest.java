package dev.fencepost.internal.util;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fencepost.StoreClosedException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Background work: when a pass begins, and that it ends when it is closed, and only then. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class BackgroundThreadTest {
    private static final Duration LONG = Duration.ofDays(365);

    private final PeriodicTask tasks = new PeriodicTask();
    private final LinkedBlockingQueue<Thread> passes = new LinkedBlockingQueue<>();

    @AfterEach
    void end() {
        tasks.close();
    }

    private Thread nextPass() throws InterruptedException {
        return passes.take();
    }

    private void pass() {
        passes.add(Thread.currentThread());
    }

    @Test
    void work_runsAtOnceOnDaemon() throws Exception {
        try (BackgroundThread work = tasks.every("test-work", LONG, this::pass)) {
            Thread thread = nextPass();
            assertThat(work.isClosed()).isFalse();
            assertThat(thread.isDaemon()).isTrue();
            assertThat(thread.getName()).isEqualTo("test-work");
        }
    }

    @Test
    void work_isRepeatedAfterItsPause() throws Exception {
        try (BackgroundThread work = tasks.every("test-work", Duration.ofMillis(1), this::pass)) {
            assertThat(nextPass()).isSameAs(nextPass());
            assertThat(work.isClosed()).isFalse();
        }
    }

    @Test
    void closingInPause_endsThreadAtOnce() throws Exception {
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            BackgroundThread work = tasks.every("test-work", LONG, this::pass);
            threads.add(nextPass());
            work.close();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(passes).isEmpty();
    }

    @Test
    void closingAll_endsThreadsAtOnce_andLetsNoneBegin() throws Exception {
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            assertThat(tasks.every("test-work", LONG, this::pass).isClosed()).isFalse();
            threads.add(nextPass());
        }
        tasks.close();
        tasks.awaitEnd();
        assertThat(threads).noneMatch(Thread::isAlive);
        assertThatThrownBy(() -> {
                    BackgroundThread unused = tasks.every("test-work", LONG, this::pass);
                })
                .isInstanceOf(StoreClosedException.class);
        assertThat(passes).isEmpty();
    }

    @Test
    void throwingPass_isFollowedByOthers() throws Exception {
        List<Throwable> thrown = List.of(
                new IllegalArgumentException("tried"),
                new AssertionError("tried"),
                new OutOfMemoryError("tried"),
                new StackOverflowError("tried"),
                new Exception("checked"));
        AtomicInteger pass = new AtomicInteger();
        try (BackgroundThread work = tasks.every("test-work", Duration.ofMillis(1), () -> {
            int now = pass.getAndIncrement();
            if (now < thrown.size()) {
                BackgroundThreadTest.<RuntimeException>sneak(thrown.get(now));
            }
            pass();
        })) {
            assertThat(nextPass().isAlive()).isTrue();
            assertThat(pass.get()).isGreaterThan(thrown.size());
            assertThat(work.isClosed()).isFalse();
        }
    }

    @SuppressWarnings("unchecked")
    private static <E extends Throwable> void sneak(Throwable e) throws E {
        throw (E) e;
    }

    @Test
    void interruptByWork_shortensNoPause() throws Exception {
        AtomicInteger passed = new AtomicInteger();
        try (BackgroundThread work = BackgroundThread.whenAsked("test-work", () -> {
            passed.incrementAndGet();
            Thread.currentThread().interrupt();
            pass();
        })) {
            assertThat(work.ask()).isTrue();
            Thread thread = nextPass();
            while (thread.getState() != Thread.State.TIMED_WAITING) {
                Thread.onSpinWait();
            }
            assertThat(thread.isInterrupted()).isFalse();
            assertThat(passed).hasValue(1);
            thread.interrupt();
            assertThat(work.ask()).isTrue();
            assertThat(nextPass()).isSameAs(thread);
        }
    }

    /** Each request is followed by a pass that begins after it, even if the thread is busy. */
    @Test
    void everyRequest_isSeenByLaterPass() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        AtomicInteger seen = new AtomicInteger();
        try (BackgroundThread work = BackgroundThread.whenAsked("test-work", () -> seen.set(asked.get()))) {
            for (int i = 1; i <= 20_000; i++) {
                asked.set(i);
                assertThat(work.ask()).isTrue();
                if (i % 100 == 0) {
                    while (seen.get() != i) {
                        Thread.onSpinWait();
                    }
                }
            }
        }
    }

    @Test
    void closing_letsThePassUnderWayEnd() throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        Semaphore ended = new Semaphore(0);
        BackgroundThread work = tasks.every("test-work", LONG, () -> {
            pass();
            try {
                goOn.await();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
            ended.release();
        });
        Thread thread = nextPass();
        work.close();
        assertThat(work.awaitEnd(Duration.ofMillis(1))).isFalse();
        assertThat(work.isOver()).isFalse();
        goOn.countDown();
        assertThat(work.awaitEnd(LONG)).isTrue();
        assertThat(ended.availablePermits()).isEqualTo(1);
        assertThat(thread.isAlive()).isFalse();
    }

    @Test
    void selfClosingWork_doesNotWaitForItself() throws Exception {
        LinkedBlockingQueue<Optional<Boolean>> ended = new LinkedBlockingQueue<>();
        LinkedBlockingQueue<BackgroundThread> self = new LinkedBlockingQueue<>();
        BackgroundThread work = tasks.every("test-work", LONG, () -> {
            try {
                BackgroundThread own = self.take();
                own.close();
                ended.add(Optional.of(own.awaitEnd(LONG)));
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });
        self.add(work);
        assertThat(ended.take()).contains(true);
        assertThat(work.awaitEnd(LONG)).isTrue();
    }

    @Test
    void closedWork_isNotDoneWhenAsked() {
        BackgroundThread work = BackgroundThread.whenAsked("test-work", this::pass);
        work.close();
        assertThat(work.ask()).isFalse();
        work.beginAfter(Duration.ZERO);
        assertThat(work.awaitEnd(LONG)).isTrue();
        assertThat(passes).isEmpty();
    }
}
