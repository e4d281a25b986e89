package dev.fencepost.sagas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fencepost.Claim;
import dev.fencepost.FencedException;
import dev.fencepost.Key;
import dev.fencepost.Lease;
import dev.fencepost.Store;
import dev.fencepost.StoreConfig;
import dev.fencepost.saga.ExternalStep;
import dev.fencepost.saga.SagaDefinition;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Background recovery of sagas. It runs on daemon threads until the store closes. */
class BackgroundRecoveryTest extends SagaFixture {
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Duration LEAST = Duration.ofMillis(1);
    private static final String RECOVERER = "fencepost-recoverer";

    private static Set<Thread> recoverers() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals(RECOVERER))
                .collect(Collectors.toSet());
    }

    private ExternalStep<String, String> telling(String name) {
        return ExternalStep.of(name, context -> {
            effects.add(name + " " + Thread.currentThread().isDaemon());
            return "";
        });
    }

    @Test
    void startedSagas_keepNoProcessAlive() {
        agent.sagas().start(order().step(telling("charge")), "order-1", "x");
        assertThat(agent.sagas().await("order-1", LONG)).isPresent();
        assertThat(effects).containsExactly("charge true");
    }

    @Test
    void parallelSteps_keepNoProcessAlive() {
        agent.sagas().run(order().parallel(effect("pack"), telling("charge")), "order-1", "x");
        assertThat(effects).contains("charge true");
    }

    /** Starts a saga and revokes its claim, so that no process coordinates it. */
    private void leave(SagaDefinition<String> order, String id) {
        assertThatThrownBy(() -> agent.sagas().run(order, id, "x")).isInstanceOf(FencedException.class);
    }

    private SagaDefinition<String> lostOnce() {
        Set<String> lost = ConcurrentHashMap.newKeySet();
        return order().step(ExternalStep.<String>of("charge", context -> {
                    if (lost.add(context.saga())) {
                        store.agent("operator").revoke(Key.text("fencepost:saga:" + context.saga()));
                    }
                    return "paid";
                })
                .idempotent());
    }

    @Test
    void recoverEvery_recoversAtOnce() throws Exception {
        SagaDefinition<String> order = lostOnce();
        leave(order, "order-1");
        try (AutoCloseable looking = agent.sagas().recoverEvery(Duration.ofDays(1), List.of(order))) {
            assertThat(looking).isNotNull();
            assertThat(agent.sagas().await("order-1", LONG)).isPresent();
        }
    }

    /** There are more failures than sagas that are carried on at one time. */
    @Test
    void repeatedlyFailingSagas_areRecoveredEventually() throws Exception {
        int sagas = 20;
        Key<String> cart = Key.text("cart");
        AtomicInteger asked = new AtomicInteger();
        AtomicReference<Claim> barrier = new AtomicReference<>();
        SagaDefinition<String> order = lostOnce().claiming(input -> {
            if (barrier.get() != null && asked.incrementAndGet() == 1_100) {
                barrier.get().close();
            }
            return List.of(cart);
        });
        for (int i = 0; i < sagas; i++) {
            leave(order, "order-" + i);
        }
        barrier.set(agent.claim(List.of(cart), Lease.of(Duration.ofHours(1)), Duration.ZERO)
                .orThrow());
        try (AutoCloseable looking = agent.sagas().recoverEvery(LEAST, List.of(order))) {
            assertThat(looking).isNotNull();
            for (int i = 0; i < sagas; i++) {
                assertThat(agent.sagas().await("order-" + i, LONG)).isPresent();
            }
        }
    }

    @Test
    void recoverEvery_endsWithItsStore_andKeepsNoProcessAlive() throws Exception {
        Set<Thread> before = recoverers();
        Store elsewhere = Store.open(StoreConfig.of(folder.resolve("a.db")).withClock(clock));
        elsewhere.agent("planner").sagas().recoverEvery(LEAST, List.of());
        Set<Thread> looking = recoverers();
        looking.removeAll(before);
        assertThat(looking)
                .singleElement()
                .satisfies(thread -> assertThat(thread.isDaemon()).isTrue());
        elsewhere.close();
        for (Thread thread : looking) {
            thread.join(LONG.toMillis());
            assertThat(thread.isAlive()).isFalse();
        }
    }
}
