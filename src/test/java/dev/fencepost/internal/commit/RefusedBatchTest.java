package dev.fencepost.internal.commit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fencepost.Durability;
import dev.fencepost.internal.engine.Commits;
import dev.fencepost.internal.engine.Engine;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The batches that need not wait for the disk, because all their tasks were refused. */
class RefusedBatchTest extends QueueFixture {
    private final List<String> ends = new ArrayList<>();

    @BeforeEach
    void open() {
        open(folder.resolve("a.db"), Durability.POWER_LOSS);
        queue.submit(scope -> scope.sequence("planner"));
        ends.clear();
    }

    @Override
    Engine watched(Engine engine) {
        return watched(
                Engine.class,
                engine,
                result -> result instanceof Commits commits
                        ? watched(Commits.class, commits, UnaryOperator.identity())
                        : result);
    }

    /** Returns an object that records how its transactions end. */
    private <T> T watched(Class<T> type, T watched, UnaryOperator<Object> results) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    if (method.getName().equals("commit") || method.getName().equals("endRefused")) {
                        ends.add(method.getName());
                    }
                    return results.apply(method.invoke(watched, arguments));
                }));
    }

    @Test
    void refusedTasks_awaitNoFsync() {
        QueuedTask<String> other = queue.enqueue(REFUSED);
        assertThat(queue.submit(REFUSED)).isEqualTo("refused");
        assertThat(queue.await(other)).isEqualTo("refused");
        assertThat(ends).containsExactly("endRefused");
    }

    @Test
    void refusedTask_besideAnAnswer_awaitsTheFsync() {
        QueuedTask<Long> other = queue.enqueue(WriteTransaction::lastSequence);
        assertThat(queue.submit(REFUSED)).isEqualTo("refused");
        assertThat(queue.await(other)).isEqualTo(1);
        assertThat(ends).containsExactly("commit");
    }

    @Test
    void refusedTask_besideAWrite_awaitsTheFsync() {
        QueuedTask<Long> other = queue.enqueue(scope -> scope.sequence("other"));
        assertThat(queue.submit(REFUSED)).isEqualTo("refused");
        assertThat(queue.await(other)).isEqualTo(2);
        assertThat(ends).containsExactly("commit");
    }
}
