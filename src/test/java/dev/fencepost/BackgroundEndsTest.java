package dev.fencepost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fencepost.event.ChangeSource;
import dev.fencepost.event.Cursor;
import dev.fencepost.event.Subscription;
import dev.fencepost.saga.ExternalStep;
import dev.fencepost.saga.SagaDefinition;
import dev.fencepost.saga.SagaOutcome;
import dev.fencepost.saga.SagaState;
import dev.fencepost.saga.Sagas;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The background work of a store: it ends with the store or when it is closed, and no failure ends it. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class BackgroundEndsTest {
    private static final Duration LONG = Duration.ofDays(365);
    private static final Key<String> PLAN = Key.text("plans/launch");

    @TempDir
    Path folder;

    private final Set<Thread> before = new HashSet<>();

    @BeforeEach
    void lookAround() {
        before.addAll(own());
    }

    private static Set<Thread> own() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("fencepost-"))
                .collect(Collectors.toSet());
    }

    /** Returns the library's threads that started since then, without the process-wide clock. */
    private List<Thread> begun() {
        return own().stream()
                .filter(thread -> !before.contains(thread) && !thread.getName().equals("fencepost-coarse-clock"))
                .toList();
    }

    private Store open() {
        return Store.open(StoreConfig.of(folder.resolve("a.db")).withDurability(Durability.PROCESS_DEATH));
    }

    @Test
    void closingTheStore_endsAllBackgroundWork() throws Exception {
        Store store = open();
        Agent agent = store.agent("planner");
        List<AutoCloseable> begun = new ArrayList<>();
        begun.add(agent.sagas().recoverEvery(LONG, List.of()));
        begun.add(agent.retention().applyEvery(LONG));
        begun.add(agent.feed().subscribe(Cursor.of("all", ChangeSource.values(Prefix.text(""))), change -> {}));
        assertThat(agent.claim(PLAN, Lease.of(Duration.ofMinutes(1))).orThrow().keys())
                .hasSize(1);
        agent.async().put(Key.text("k"), "v").toCompletableFuture().join();
        assertThat(begun()).hasSizeGreaterThanOrEqualTo(5);
        assertThat(begun).hasSize(3);
        store.close();
        for (Thread thread : begun()) {
            thread.join();
        }
    }

    @Test
    void closingWork_endsItsThreadThoughItPauses() throws Exception {
        try (Store store = open()) {
            Agent agent = store.agent("planner");
            for (int i = 0; i < 50; i++) {
                agent.sagas().recoverEvery(LONG, List.of()).close();
                agent.retention().applyEvery(LONG).close();
            }
            for (Thread thread : begun()) {
                thread.join();
            }
        }
    }

    @Test
    void closedStore_beginsNoWork() {
        Store store = open();
        Agent agent = store.agent("planner");
        store.close();
        assertThatThrownBy(() -> agent.sagas().recoverEvery(LONG, List.of())).isInstanceOf(StoreClosedException.class);
        assertThatThrownBy(() -> agent.retention().applyEvery(LONG)).isInstanceOf(StoreClosedException.class);
        assertThatThrownBy(() -> {
                    Subscription unused = agent.feed()
                            .subscribe(Cursor.of("all", ChangeSource.values(Prefix.text(""))), change -> {});
                })
                .isInstanceOf(StoreClosedException.class);
        assertThat(begun()).noneMatch(thread -> thread.getName().contains("cursor"));
    }

    /** Closing does not wait for the handler's own subscription, which itself waits for the store. */
    @Test
    void storeClosedByItsHandler_isClosed() throws Exception {
        Store store = open();
        CountDownLatch closed = new CountDownLatch(1);
        Subscription subscription = store.agent("planner")
                .feed()
                .subscribe(Cursor.of("all", ChangeSource.values(Prefix.text(""))), change -> {
                    store.close();
                    closed.countDown();
                });
        store.agent("planner").put(PLAN, "x").orThrow();
        closed.await();
        subscription.close();
        assertThat(subscription.isRunning()).isFalse();
    }

    @Test
    void errorInHandler_isFollowedByAnotherAttempt() throws Exception {
        try (Store store = open()) {
            AtomicInteger calls = new AtomicInteger();
            CountDownLatch done = new CountDownLatch(1);
            try (Subscription subscription = store.agent("planner")
                    .feed()
                    .subscribe(Cursor.of("all", ChangeSource.values(Prefix.text(""))), change -> {
                        if (calls.getAndIncrement() == 0) {
                            throw new OutOfMemoryError("tried");
                        }
                        done.countDown();
                    })) {
                store.agent("planner").put(PLAN, "x").orThrow();
                done.await();
                assertThat(subscription.isRunning()).isTrue();
            }
        }
    }

    /** An error in the keys of one saga makes it stuck; the recovery goes on with the others. */
    @Test
    void errorInRecovery_endsNoRecovery() throws Exception {
        try (Store store = open()) {
            SagaDefinition<String> broken = SagaDefinition.of("broken", 1, Codec.text())
                    .claiming(input -> {
                        throw new StackOverflowError("tried");
                    })
                    .step(ExternalStep.<String>of("charge", context -> ""));
            SagaDefinition<String> order =
                    SagaDefinition.of("order", 1, Codec.text()).step(ExternalStep.<String>of("charge", context -> ""));
            Sagas sagas = store.agent("planner").sagas();
            sagas.start(broken, "a", "x");
            sagas.start(order, "b", "x");
            try (AutoCloseable looking = sagas.recoverEvery(Duration.ofMillis(1), List.of(broken, order))) {
                assertThat(looking).isNotNull();
                assertThat(sagas.await("b", Duration.ofMinutes(1)).orElseThrow().state())
                        .isEqualTo(SagaState.COMPLETED);
                sagas.start(order, "c", "x");
                assertThat(sagas.await("c", Duration.ofMinutes(1)).orElseThrow().state())
                        .isEqualTo(SagaState.COMPLETED);
                SagaOutcome stuck = sagas.await("a", Duration.ofMinutes(1)).orElseThrow();
                assertThat(stuck.state()).isEqualTo(SagaState.STUCK);
                assertThat(stuck.reason().orElseThrow()).contains("StackOverflowError: tried");
            }
        }
    }
}
