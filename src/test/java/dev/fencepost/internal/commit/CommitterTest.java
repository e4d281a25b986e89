package dev.fencepost.internal.commit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fencepost.Appended;
import dev.fencepost.Durability;
import dev.fencepost.Key;
import dev.fencepost.Precondition;
import dev.fencepost.WriteBatch;
import dev.fencepost.event.EventStream;
import dev.fencepost.event.NewEvent;
import dev.fencepost.internal.process.LivenessChecker;
import dev.fencepost.internal.process.ProcessProbe;
import dev.fencepost.internal.util.Patience;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** Answers without a commit that must wait for an fsync. */
class CommitterTest extends QueueFixture {
    private static final Key<String> KEY = Key.text("k");
    private static final WriterIdentity AUTHOR = new WriterIdentity("planner", List.of());

    private int awaited;

    @Override
    BatchExecutor watched(BatchExecutor runner) {
        return new Counting(runner);
    }

    /** Counts the waits for an fsync. */
    private final class Counting implements BatchExecutor {
        private final BatchExecutor runner;

        Counting(BatchExecutor runner) {
            this.runner = runner;
        }

        @Override
        public void run(List<QueuedTask<?>> batch) {
            runner.run(batch);
        }

        @Override
        public Patience patience() {
            return runner.patience();
        }

        @Override
        public void takeTurn() {
            runner.takeTurn();
        }

        @Override
        public boolean hasTurn() {
            return runner.hasTurn();
        }

        @Override
        public void leaveTurn() {
            runner.leaveTurn();
        }

        @Override
        public boolean awaitDurable() {
            awaited++;
            return runner.awaitDurable();
        }

        @Override
        public Optional<Long> process() {
            return runner.process();
        }

        @Override
        public void close() {
            runner.close();
        }
    }

    private Committer committer(Durability durability) {
        open(folder.resolve("a.db"), durability);
        return new Committer(
                queue,
                cache,
                reads,
                new FencingCheck(storeId),
                new LivenessChecker(new ProcessProbe(), config.heartbeat()),
                config);
    }

    private static Appended<String> append(Committer committer) {
        EventStream<String> stream = EventStream.text("log");
        return committer
                .append(AUTHOR, stream, OptionalLong.empty(), List.of(new NewEvent<>("e1", "body")))
                .orThrow();
    }

    @Test
    void resultWithoutCommit_awaitsDurability() {
        Committer committer = committer(Durability.POWER_LOSS);
        assertThat(append(committer).duplicates()).isZero();
        assertThat(awaited).isZero();
        assertThat(append(committer).duplicates()).isEqualTo(1);
        assertThat(awaited).isEqualTo(1);
        committer.commit(AUTHOR, WriteBatch.of().require(KEY, Precondition.ifAbsent()));
        assertThat(awaited).isEqualTo(2);
    }

    @Test
    void refusal_doesNotAwaitDurability() {
        Committer committer = committer(Durability.POWER_LOSS);
        assertThat(committer.put(AUTHOR, KEY, "v", Precondition.ifVersion(9)).isCommitted())
                .isFalse();
        assertThat(awaited).isZero();
    }

    @Test
    void durabilityProcessDeath_neverAwaitsTheDisk() {
        Committer committer = committer(Durability.PROCESS_DEATH);
        append(committer);
        append(committer);
        assertThat(awaited).isZero();
    }
}
