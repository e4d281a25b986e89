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
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

/** Answers without a commit that must wait for an fsync. */
class CommitterTest extends QueueFixture {
    private static final Key<String> KEY = Key.text("k");

    private int awaited;
    private Committer committer;

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
        committer = new Committer(
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

    /** Runs a scenario until the machine was so idle that its functions counted as quick. */
    private static void untilQuick(BooleanSupplier scenario) {
        for (int tries = 1; !scenario.getAsBoolean(); tries++) {
            assertThat(tries).isLessThan(1_000);
        }
    }

    @Test
    void refusedTransaction_hasTheKeyWhileItIsRepeated() {
        Writer writer = writer(Durability.PROCESS_DEATH);
        untilQuick(() -> {
            boolean[] had = new boolean[2];
            int[] runs = new int[1];
            writer.transact(transaction -> {
                transaction.get(KEY);
                had[runs[0] == 0 ? 0 : 1] = committer.contended().isContended(KEY.name());
                if (runs[0]++ == 0) {
                    writer.put(KEY, "meanwhile");
                }
                transaction.put(KEY, "mine");
                return true;
            });
            assertThat(runs[0]).isGreaterThan(1);
            assertThat(had[0]).isFalse();
            assertThat(committer.contended().isContended(KEY.name())).isFalse();
            return had[1];
        });
    }

    @Test
    void transaction_ofAContendedKey_readsAgainBeforeItCommits() {
        Writer writer = writer(Durability.PROCESS_DEATH);
        ContendedKeys.Place place = committer.contended().place();
        untilQuick(() -> {
            AtomicInteger runs = new AtomicInteger();
            Thread thread = new Thread(() -> writer.transact(transaction -> {
                runs.incrementAndGet();
                transaction.put(KEY, transaction.get(KEY).isPresent() ? "again" : "first");
                return true;
            }));
            assertThat(place.refused(List.of(KEY.name()))).isTrue();
            thread.start();
            while (thread.isAlive() && thread.getState() != Thread.State.TIMED_WAITING) {
                Thread.onSpinWait();
            }
            place.close();
            while (thread.isAlive()) {
                Thread.onSpinWait();
            }
            return runs.get() > 1;
        });
    }
}
