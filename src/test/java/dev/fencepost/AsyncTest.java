package dev.fencepost;

import static dev.fencepost.Precondition.ifVersion;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fencepost.testing.OpenStoreTest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Asynchronous writes, whose callers do not wait. */
@Timeout(60)
class AsyncTest extends OpenStoreTest {
    private static final Key<String> A = Key.text("a");

    private Agent agent;

    @BeforeEach
    void open() {
        agent = store.agent("writer");
    }

    @Test
    void stage_completesWithTheResultOfTheCall() {
        WriteResult<String> first = join(agent.async().put(A, "1"));
        assertThat(first.orThrow().version()).isEqualTo(1);
        assertThat(store.get(A).orElseThrow().value()).isEqualTo("1");
        assertThat(join(agent.async().put(A, "2", ifVersion(7)))).isInstanceOf(Conflict.class);
        assertThat(join(agent.async().commit(WriteBatch.of().put(A, "2").put(Key.text("b"), "1"))))
                .isInstanceOf(CommitResult.Applied.class);
        assertThat(join(agent.async().delete(A)).orThrow().version()).isEqualTo(3);
        assertThat(store.get(A)).isEmpty();
    }

    @Test
    void fencedWrite_completesWithFencedException() {
        Claim claim = agent.claim(A, Lease.of(Duration.ofSeconds(30))).orThrow();
        assertThat(join(claim.async().put(A, "mine")).orThrow().version()).isEqualTo(1);
        store.agent("operator").revoke(A);
        CompletionStage<WriteResult<String>> late = claim.async().put(A, "late");
        assertThatThrownBy(() -> join(late))
                .isInstanceOf(CompletionException.class)
                .hasCauseInstanceOf(FencedException.class);
        assertThat(store.get(A).orElseThrow().value()).isEqualTo("mine");
    }

    @Test
    void badInput_isThrownByTheCallItself() {
        Key<String> tooLong = Key.text("k".repeat(Key.MAX_BYTES));
        try (Store strict =
                Store.open(StoreConfig.of(folder.resolve("strict.db")).withMaxKeyBytes(10))) {
            AsyncWriter writer = strict.agent("writer").async();
            assertThatThrownBy(() -> assertThat(writer.put(tooLong, "1")).isNotNull())
                    .isInstanceOf(InvalidInputException.class);
        }
    }

    @Test
    void writesOfOneThread_areCommittedInTheOrderOfItsCalls() {
        List<CompletionStage<WriteResult<String>>> stages = IntStream.range(0, 10_000)
                .mapToObj(i -> agent.async().put(A, Integer.toString(i)))
                .toList();
        for (int i = 0; i < stages.size(); i++) {
            assertThat(join(stages.get(i)).orThrow().version()).isEqualTo(i + 1);
        }
        assertThat(store.get(A).orElseThrow().value()).isEqualTo("9999");
    }

    @Test
    void synchronousAndAsynchronousWrites_shareTheQueue() throws Exception {
        int each = 300;
        List<CompletionStage<WriteResult<String>>> stages = new ArrayList<>();
        Thread waiting = new Thread(() -> {
            for (int i = 0; i < each; i++) {
                agent.put(A, "waited").orThrow();
            }
        });
        waiting.start();
        for (int i = 0; i < each; i++) {
            stages.add(agent.async().put(A, "not waited"));
        }
        stages.forEach(stage -> join(stage).orThrow());
        waiting.join();
        assertThat(store.get(A).orElseThrow().version()).isEqualTo(2 * each);
    }

    @Test
    void dependentOfStage_mayWrite_andBlocksNoOtherWriter() throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        CompletionStage<Long> dependent = agent.async().put(A, "1").thenApply(result -> {
            entered.countDown();
            awaitUninterruptibly(release);
            return agent.put(A, "2").orThrow().version();
        });
        entered.await();
        assertThat(agent.put(A, "meanwhile").orThrow().version()).isEqualTo(2);
        release.countDown();
        assertThat(join(dependent)).isEqualTo(3);
    }

    @Test
    void closing_completesEveryStage() {
        List<CompletionStage<WriteResult<String>>> stages = new ArrayList<>();
        Thread closing = new Thread(store::close);
        for (int i = 0; i < 5_000; i++) {
            stages.add(agent.async().put(A, "1"));
            if (i == 2_000) {
                closing.start();
            }
        }
        long committed = stages.stream()
                .map(stage -> stage.handle((result, refused) -> {
                    if (refused != null) {
                        assertThat(refused).hasCauseInstanceOf(StoreClosedException.class);
                    }
                    return refused == null;
                }))
                .filter(AsyncTest::join)
                .count();
        try (Store again = Store.open(folder.resolve("a.db"))) {
            assertThat(again.get(A).map(Versioned::version).orElse(0L)).isEqualTo(committed);
        }
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static <T> T join(CompletionStage<T> stage) {
        CompletableFuture<T> future = new CompletableFuture<>();
        stage.whenComplete((result, failure) -> {
            if (failure == null) {
                future.complete(result);
            } else {
                future.completeExceptionally(failure);
            }
        });
        return future.join();
    }
}
