package dev.fencepost.internal.commit;

import dev.fencepost.internal.sql.Tip;
import java.util.List;
import org.jetbrains.lincheck.datastructures.Operation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Threads that queue, lead, wait and close, in the schedules of a model checker for Java programs. Their results are as
 * if they had run one by one. (Lincheck: N. Koval, A. Fedorov, M. Sokolova, D. Tsitelov, D. Alistarh: 'Lincheck: A
 * Practical Framework for Testing Concurrent Data Structures on JVM', CAV 2023.)
 */
public class CommitQueueSchedulesTest {
    /** Counts its tasks without a lock, as only the leader calls it. */
    private static final class Counting extends StubBatchExecutor {
        private final WriteTransaction scope = new WriteTransaction(
                null, ProtocolTrace.Factory.NONE, null, null, new KeyRows(), 0, Tip.EMPTY_LOG, false);
        private long count;

        long next(int by) {
            long before = count;
            count = before + by;
            return before;
        }

        @Override
        public void run(List<QueuedTask<?>> batch) {
            for (QueuedTask<?> pending : batch) {
                try {
                    pending.apply(scope);
                } catch (IllegalStateException e) {
                    pending.fail(e);
                }
            }
            for (QueuedTask<?> pending : batch) {
                if (!pending.done()) {
                    pending.acknowledge();
                }
            }
        }
    }

    private final Counting counting = new Counting();
    private final CommitQueue queue = new CommitQueue(counting);

    @Operation
    public long add() {
        return queue.submit(scope -> counting.next(1));
    }

    @Operation
    public String fail() {
        try {
            return queue.submit(scope -> {
                throw new IllegalStateException("after " + counting.next(10));
            });
        } catch (IllegalStateException e) {
            return e.getMessage();
        }
    }

    @Test
    @Timeout(600)
    void concurrentSubmissions_areLinearizable() {
        Schedules.ofThreads(3, 2).check(CommitQueueSchedulesTest.class);
    }
}
