package dev.fencepost.internal.commit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fencepost.Appended;
import dev.fencepost.Durability;
import dev.fencepost.Key;
import dev.fencepost.Precondition;
import dev.fencepost.WriteBatch;
import dev.fencepost.Writer;
import dev.fencepost.event.EventStream;
import dev.fencepost.event.NewEvent;
import dev.fencepost.internal.process.LivenessChecker;
import dev.fencepost.internal.process.ProcessProbe;
import java.lang.reflect.Proxy;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Answers without a commit that must wait for an fsync. */
class CommitterTest extends QueueFixture {
    private static final Key<String> KEY = Key.text("k");

    private int awaited;

    /** Counts the waits for an fsync. */
    @Override
    BatchExecutor watched(BatchExecutor runner) {
        return (BatchExecutor) Proxy.newProxyInstance(
                BatchExecutor.class.getClassLoader(),
                new Class<?>[] {BatchExecutor.class},
                (proxy, method, arguments) -> {
                    awaited += method.getName().equals("awaitDurable") ? 1 : 0;
                    return method.invoke(runner, arguments);
                });
    }

    private Writer writer(Durability durability) {
        open(folder.resolve("a.db"), durability);
        Committer committer = new Committer(
                queue,
                cache,
                reads,
                new FencingCheck(storeId),
                new LivenessChecker(new ProcessProbe(), config.heartbeat()),
                config);
        return new AbstractWriter("planner", List.of(), committer) {};
    }

    private static Appended<String> append(Writer writer) {
        return writer.append(EventStream.text("log"), List.of(new NewEvent<>("e1", "body")));
    }

    @Test
    void resultWithoutCommit_awaitsDurability() {
        Writer writer = writer(Durability.POWER_LOSS);
        assertThat(append(writer).duplicates()).isZero();
        assertThat(awaited).isZero();
        assertThat(append(writer).duplicates()).isEqualTo(1);
        assertThat(awaited).isEqualTo(1);
        writer.commit(WriteBatch.of().require(KEY, Precondition.ifAbsent()));
        assertThat(awaited).isEqualTo(2);
    }

    @Test
    void refusal_doesNotAwaitDurability() {
        Writer writer = writer(Durability.POWER_LOSS);
        assertThat(writer.tryPut(KEY, "v", Precondition.ifVersion(9)).isCommitted())
                .isFalse();
        assertThat(awaited).isZero();
    }

    @Test
    void durabilityProcessDeath_neverAwaitsTheDisk() {
        Writer writer = writer(Durability.PROCESS_DEATH);
        append(writer);
        append(writer);
        assertThat(awaited).isZero();
    }
}
