package dev.fencepost.internal.txn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fencepost.Durability;
import dev.fencepost.StoreConfig;
import dev.fencepost.internal.claim.Claims;
import dev.fencepost.internal.sql.OpenedFile;
import dev.fencepost.internal.sql.Opening;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Members that come while another is being committed. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CommitQueueTest {
    @TempDir
    Path folder;

    private final CountDownLatch leads = new CountDownLatch(1);
    private final CountDownLatch goOn = new CountDownLatch(1);
    private ReadPath reads;
    private ReadCache cache;
    private CommitQueue queue;

    @BeforeEach
    void open() {
        StoreConfig config = StoreConfig.of(folder.resolve("a.db")).withDurability(Durability.PROCESS_DEATH);
        OpenedFile file = Opening.open(config);
        Horizon horizon = new Horizon();
        reads = new ReadPath(file, horizon);
        cache = new ReadCache(file, horizon, reads, config);
        queue = new CommitQueue(file, config, horizon, Claims.ownFacts(), cache);
    }

    @AfterEach
    void close() {
        goOn.countDown();
        queue.close();
        reads.close();
        cache.close();
    }

    private static <R> FutureTask<R> inBackground(FutureTask<R> task) {
        Thread thread = new Thread(task);
        thread.setDaemon(true);
        thread.start();
        return task;
    }

    /** Another thread leads, and is in the middle of its own member until it is let go on. */
    private FutureTask<Long> lead() throws InterruptedException {
        FutureTask<Long> leader = inBackground(new FutureTask<>(() -> queue.submit(scope -> {
            leads.countDown();
            try {
                goOn.await();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
            return scope.sequence("leader");
        })));
        leads.await();
        return leader;
    }

    @Test
    void whoParkedWhileAnotherLed_isWokenToLead() throws Exception {
        FutureTask<Long> leader = lead();
        FutureTask<Long> parked = new FutureTask<>(() -> queue.submit(scope -> scope.sequence("parked")));
        Thread thread = new Thread(parked);
        thread.setDaemon(true);
        thread.start();
        while (thread.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
        goOn.countDown();
        assertThat(leader.get()).isPositive();
        assertThat(parked.get(30, TimeUnit.SECONDS)).isGreaterThan(leader.get());
    }

    @Test
    void aMemberThatThrows_failsAlone_andNothingOfItIsKept() throws Exception {
        FutureTask<Long> leader = lead();
        Pending<Long> before = queue.enqueue(scope -> scope.sequence("before"));
        Pending<Long> failing = queue.enqueue(scope -> {
            throw new IllegalStateException("after commit " + scope.sequence("failing"));
        });
        Pending<Long> after = queue.enqueue(scope -> scope.sequence("after"));
        goOn.countDown();
        long first = leader.get();
        assertThat(queue.await(before)).isEqualTo(first + 1);
        assertThatThrownBy(() -> queue.await(failing)).isInstanceOf(IllegalStateException.class);
        assertThat(queue.await(after)).isEqualTo(first + 2);
    }
}
