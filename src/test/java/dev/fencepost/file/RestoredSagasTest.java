package dev.fencepost.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fencepost.Agent;
import dev.fencepost.BackupOptions;
import dev.fencepost.Codec;
import dev.fencepost.RestoreOptions;
import dev.fencepost.Store;
import dev.fencepost.StoreConfig;
import dev.fencepost.saga.ExternalStep;
import dev.fencepost.saga.SagaDefinition;
import dev.fencepost.saga.SagaOutcome;
import dev.fencepost.saga.SagaState;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sagas that were running during a backup, and go on after its restore. */
@Timeout(value = 5, unit = TimeUnit.MINUTES, threadMode = ThreadMode.SEPARATE_THREAD)
class RestoredSagasTest {
    @TempDir
    private Path folder;

    private final AtomicInteger charged = new AtomicInteger();
    private final AtomicInteger packed = new AtomicInteger();
    private final CountDownLatch packing = new CountDownLatch(1);
    private final CountDownLatch copied = new CountDownLatch(1);

    private SagaDefinition<String> definition(boolean idempotent) {
        ExternalStep<String, String> pack = ExternalStep.<String>of("pack", context -> {
            packing.countDown();
            copied.await();
            return "pack " + packed.incrementAndGet();
        });
        return SagaDefinition.of("order", 1, Codec.text())
                .step(ExternalStep.<String>of("charge", context -> "charge " + charged.incrementAndGet()))
                .step(idempotent ? pack.idempotent() : pack);
    }

    /**
     * The backup has the start of the step, but not its outcome. Only an idempotent step is retried without an
     * operator.
     */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void sagaWithCoordinator_afterRestore_isRecovered(boolean idempotent) throws Exception {
        Path file = folder.resolve("a.db");
        Path backup = folder.resolve("backup.db");
        try (Store store = Store.open(file)) {
            CompletableFuture<SagaOutcome> running = CompletableFuture.supplyAsync(
                    () -> store.agent("planner").sagas().run(definition(idempotent), "order-1", "x"));
            packing.await();
            store.backup(backup, BackupOptions.defaults());
            copied.countDown();
            assertThat(running.get().state()).isEqualTo(SagaState.COMPLETED);
        }
        Store.restore(StoreConfig.of(file), backup, RestoreOptions.by("operator"));
        try (Store store = Store.open(file)) {
            Agent agent = store.agent("planner");
            assertThat(agent.sagas().find("order-1").orElseThrow().state()).isEqualTo(SagaState.RUNNING);
            assertThat(agent.sagas().find("order-1").orElseThrow().coordinator())
                    .isEmpty();
            try (AutoCloseable recovery =
                    agent.sagas().recoverEvery(Duration.ofMillis(1), List.of(definition(idempotent)))) {
                assertThat(recovery).isNotNull();
                SagaOutcome outcome =
                        agent.sagas().await("order-1", Duration.ofMinutes(4)).orElseThrow();
                assertThat(outcome.state()).isEqualTo(idempotent ? SagaState.COMPLETED : SagaState.STUCK);
            }
            assertThat(store.check().findings()).isEmpty();
        }
        assertThat(charged).hasValue(1);
        assertThat(packed).hasValue(idempotent ? 2 : 1);
    }
}
