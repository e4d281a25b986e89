package dev.fencepost.internal.commit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.fencepost.Durability;
import dev.fencepost.VersionInfo;
import dev.fencepost.internal.commit.PipelinedUpdates.PipelinedUpdate;
import dev.fencepost.internal.sql.VersionRow;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Pipelined updates of one key: which thread may enter, the update it continues, and whether its commit is still valid.
 */
class PipelinedUpdatesTest extends QueueFixture {
    private static final String KEY = "k";

    private final PipelinedUpdates chains = new PipelinedUpdates();

    @BeforeEach
    void open() {
        open(folder.resolve("a.db"), Durability.PROCESS_DEATH);
    }

    private static CommitDecision made(long version) {
        VersionRow row = new VersionRow(KEY, new VersionInfo(version, 9, "a", Instant.EPOCH), Optional.of("text"));
        return new CommitDecision.Applied(Map.of(KEY, row), Map.of(), true);
    }

    /** Appends an update that is in the queue and has no outcome yet. */
    private QueuedTask<CommitDecision> append(PipelinedUpdate link, CommitDecision outcome) {
        QueuedTask<CommitDecision> pending = queue.enqueue(scope -> outcome);
        chains.append(KEY, link, pending);
        return pending;
    }

    private PipelinedUpdate decided(CommitDecision outcome, long version) {
        PipelinedUpdate link = new PipelinedUpdate(version, "text", null);
        queue.await(append(link, outcome));
        return link;
    }

    private static <T> T elsewhere(FutureTask<T> task) throws Exception {
        return inBackground(task).get();
    }

    private boolean entersElsewhere(String key) throws Exception {
        return elsewhere(new FutureTask<>(() -> {
            boolean entered = chains.enter(key);
            if (entered) {
                chains.leave(key);
            }
            return entered;
        }));
    }

    @Test
    void enter_admitsOneThreadPerKey_andOnce() throws Exception {
        assertThat(chains.enter(KEY)).isTrue();
        assertThat(chains.enter(KEY)).isFalse();
        assertThat(chains.enter("another")).isFalse();
        assertThat(entersElsewhere(KEY)).isFalse();
        assertThat(entersElsewhere("another")).isTrue();
        chains.leave(KEY);
        assertThat(entersElsewhere(KEY)).isTrue();
        assertThat(chains.enter("another")).isTrue();
        chains.leave("another");
    }

    @Test
    void rejectedThread_afterLeave_mayEnter() throws Exception {
        CountDownLatch late = new CountDownLatch(1);
        assertThat(chains.enter(KEY)).isTrue();
        FutureTask<Boolean> tries = new FutureTask<>(() -> {
            boolean before = chains.enter(KEY);
            late.countDown();
            goOn.await();
            boolean after = chains.enter(KEY);
            chains.leave(KEY);
            return !before && after;
        });
        inBackground(tries);
        late.await();
        chains.leave(KEY);
        goOn.countDown();
        assertThat(tries.get()).isTrue();
    }

    @Test
    void interruptedThread_doesNotEnter_andKeepsInterruptFlag() {
        Thread.currentThread().interrupt();
        assertThat(chains.enter(KEY)).isFalse();
        assertThat(Thread.interrupted()).isTrue();
        assertThat(chains.enter(KEY)).isTrue();
        chains.leave(KEY);
    }

    @Test
    void pendingUpdate_isTheLast_untilItIsSettled() {
        assertThat(chains.last(KEY)).isNull();
        PipelinedUpdate first = new PipelinedUpdate(1, "one", null);
        QueuedTask<CommitDecision> pending = append(first, made(1));
        assertThat(chains.last(KEY)).isSameAs(first);
        assertThat(chains.last("another")).isNull();
        queue.await(pending);
        assertThat(chains.last(KEY)).isSameAs(first);
        PipelinedUpdate second = new PipelinedUpdate(2, "two", first);
        append(second, made(2));
        chains.settle(KEY, first);
        assertThat(chains.last(KEY)).isSameAs(second);
        chains.settle(KEY, second);
        assertThat(chains.last(KEY)).isNull();
    }

    @Test
    void update_afterRefusedUpdate_isNotTheLast() {
        PipelinedUpdate refused = decided(new CommitDecision.Refused(List.of()), 1);
        assertThat(chains.last(KEY)).isNull();
        append(new PipelinedUpdate(2, "two", refused), made(2));
        assertThat(chains.last(KEY)).isNull();
    }

    @Test
    void update_withAnotherVersion_isNotTheLast() {
        decided(made(7), 1);
        assertThat(chains.last(KEY)).isNull();
    }

    @Test
    void failedUpdate_isNotTheLast() {
        PipelinedUpdate link = new PipelinedUpdate(1, "one", null);
        QueuedTask<CommitDecision> pending = queue.enqueue(scope -> {
            throw new IllegalStateException("no");
        });
        chains.append(KEY, link, pending);
        assertThat(chains.last(KEY)).isSameAs(link);
        assertThat(catchThrowable(() -> queue.await(pending))).hasMessage("no");
        assertThat(chains.last(KEY)).isNull();
    }

    @Test
    void update_mayFollow_onlyTheVersionItWasComputedFrom() {
        assertThat(new PipelinedUpdate(1, "", null).mayFollow()).isTrue();
        assertThat(new PipelinedUpdate(2, "", decided(made(1), 1)).mayFollow()).isTrue();
        assertThat(new PipelinedUpdate(2, "", decided(made(5), 1)).mayFollow()).isFalse();
        assertThat(new PipelinedUpdate(2, "", decided(new CommitDecision.Refused(List.of()), 1)).mayFollow())
                .isFalse();
        PipelinedUpdate notQueued = new PipelinedUpdate(1, "", null);
        PipelinedUpdate next = new PipelinedUpdate(2, "", notQueued);
        assertThat(next.mayFollow()).isFalse();
        append(notQueued, made(1));
        assertThat(next.mayFollow()).isFalse();
        chains.settle(KEY, next);
        assertThat(next.mayFollow()).isTrue();
    }
}
