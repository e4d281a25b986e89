package dev.fencepost.sagas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fencepost.OutsideStep;
import dev.fencepost.SagaDefinition;
import dev.fencepost.Store;
import dev.fencepost.StoreConfig;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Sagas that are carried on in the background: by threads that keep no process alive, for as long as there is a store. */
class BackgroundTest extends SagaFixture {
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Duration LEAST = Duration.ofMillis(1);
    private static final String RECOVERER = "fencepost-recoverer";

    private static Set<Thread> recoverers() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals(RECOVERER))
                .collect(Collectors.toSet());
    }

    private OutsideStep<String, String> telling(String name) {
        return OutsideStep.of(name, context -> {
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
    void stepsBesideOthers_keepNoProcessAlive() {
        agent.sagas().run(order().parallel(effect("pack"), telling("charge")), "order-1", "x");
        assertThat(effects).contains("charge true");
    }

    /** It has begun, and nobody coordinates it. */
    private void leave(SagaDefinition<String> order, String id) {
        assertThatThrownBy(() -> agent.sagas().run(order, id, "x")).isInstanceOf(IllegalStateException.class);
    }

    private static SagaDefinition<String> barred(AtomicInteger tried, int times) {
        return order().holding(input -> {
            if (tried.incrementAndGet() <= times) {
                throw new IllegalStateException("no such cart");
            }
            return List.of();
        });
    }

    @Test
    void whoeverLooksForSagas_looksAtOnce() throws Exception {
        SagaDefinition<String> order = barred(new AtomicInteger(), 1);
        leave(order, "order-1");
        try (AutoCloseable looking = agent.sagas().recoverEvery(Duration.ofDays(1), List.of(order))) {
            assertThat(looking).isNotNull();
            assertThat(agent.sagas().await("order-1", LONG)).isPresent();
        }
    }

    /** More often than so many are carried on at one time. */
    @Test
    void howeverOftenSomeCouldNotBeCarriedOn_theyAreInTheEnd() throws Exception {
        int sagas = 20;
        SagaDefinition<String> order = barred(new AtomicInteger(), 1_100);
        for (int i = 0; i < sagas; i++) {
            leave(order, "order-" + i);
        }
        try (AutoCloseable looking = agent.sagas().recoverEvery(LEAST, List.of(order))) {
            assertThat(looking).isNotNull();
            for (int i = 0; i < sagas; i++) {
                assertThat(agent.sagas().await("order-" + i, LONG)).isPresent();
            }
        }
    }

    @Test
    void aLookForSagas_endsWithItsStore_andKeepsNoProcessAlive() throws Exception {
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
