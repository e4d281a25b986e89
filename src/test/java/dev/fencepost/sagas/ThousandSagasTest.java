package dev.fencepost.sagas;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fencepost.Key;
import dev.fencepost.Store;
import dev.fencepost.Versioned;
import dev.fencepost.saga.SagaInfo;
import dev.fencepost.saga.SagaState;
import dev.fencepost.testing.JvmLauncher;
import dev.fencepost.testing.WorkerProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A thousand sagas over eight processes, with random failures, kills and cancels. Every saga ends, and the totals
 * match.
 */
@Timeout(300)
class ThousandSagasTest {
    private static final int PROCESSES = 8;
    private static final int EACH = 125;
    private static final int KILLS = 24;
    private static final int STOCK = 5_000;

    @TempDir
    Path folder;

    private final Random random = new Random(Long.getLong("fencepost.sagas.seed", System.nanoTime()));

    @Test
    void everySagaEnds_andStockAndMoneyAddUp() throws Exception {
        try (Store store = Store.open(folder.resolve("a.db"))) {
            store.agent("setup").put(ManyOrders.STOCK, Integer.toString(STOCK)).orThrow();
            List<WorkerProcess> workers = new ArrayList<>();
            try {
                for (int i = 0; i < PROCESSES; i++) {
                    workers.add(start(i));
                }
                for (int kill = 0; kill < KILLS; kill++) {
                    int victim = random.nextInt(PROCESSES);
                    TimeUnit.MILLISECONDS.sleep(random.nextInt(1_000));
                    if (!workers.get(victim).isAlive()) {
                        throw workers.get(victim).failure("has ended by itself");
                    }
                    workers.get(victim).kill();
                    workers.set(victim, start(victim));
                }
                workers.forEach(worker -> worker.expect("all have begun"));
                awaitAll(store);
            } finally {
                workers.forEach(WorkerProcess::kill);
            }
            addUp(store);
        }
    }

    private WorkerProcess start(int number) {
        return JvmLauncher.quick()
                .withOptions("-Xmx128m")
                .start(
                        ManyOrders.class,
                        folder.toString(),
                        Long.toString(random.nextInt(1_000_000)),
                        Integer.toString(number * EACH),
                        Integer.toString((number + 1) * EACH));
    }

    private static void awaitAll(Store store) {
        for (SagaInfo saga : store.agent("observer").sagas().list(false)) {
            assertThat(store.agent("observer").sagas().await(saga.id(), Duration.ofMinutes(1)))
                    .as(saga.id())
                    .isPresent();
        }
    }

    private void addUp(Store store) {
        List<SagaInfo> sagas = store.agent("observer").sagas().list(true);
        assertThat(sagas).hasSize(PROCESSES * EACH);
        assertThat(sagas)
                .filteredOn(saga -> saga.state() != SagaState.COMPLETED && saga.state() != SagaState.COMPENSATED)
                .as("neither done nor undone")
                .isEmpty();
        long completed = sagas.stream()
                .filter(saga -> saga.state() == SagaState.COMPLETED)
                .count();
        System.out.println("sagas: " + completed + " completed, " + (sagas.size() - completed) + " compensated");
        assertThat(number(store, ManyOrders.STOCK)).isEqualTo(STOCK - completed);
        assertThat(number(store, ManyOrders.MONEY)).isEqualTo(completed);
        try (Store bank = Store.open(folder.resolve("bank.db"))) {
            for (SagaInfo saga : sagas) {
                String account = bank.get(Key.text("account/" + saga.id()))
                        .map(Versioned::value)
                        .orElse("open");
                if (saga.state() == SagaState.COMPLETED) {
                    assertThat(account).as(saga.id()).isEqualTo("charged");
                } else {
                    assertThat(account).as(saga.id()).isNotEqualTo("charged");
                }
            }
        }
        assertThat(store.check().findings()).isEmpty();
    }

    private static long number(Store store, Key<String> key) {
        return store.get(key).map(value -> Long.parseLong(value.value())).orElse(0L);
    }
}
