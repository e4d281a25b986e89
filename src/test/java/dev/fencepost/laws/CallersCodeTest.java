package dev.fencepost.laws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.fencepost.Agent;
import dev.fencepost.Change;
import dev.fencepost.Claim;
import dev.fencepost.Codec;
import dev.fencepost.Exceptions;
import dev.fencepost.Key;
import dev.fencepost.Lease;
import dev.fencepost.Precondition;
import dev.fencepost.Prefix;
import dev.fencepost.Store;
import dev.fencepost.WriteBatch;
import dev.fencepost.event.ChangeSource;
import dev.fencepost.event.ClaimedBatch;
import dev.fencepost.event.Cursor;
import dev.fencepost.event.EventCodec;
import dev.fencepost.event.EventStream;
import dev.fencepost.event.Fold;
import dev.fencepost.event.NewEvent;
import dev.fencepost.event.Subscription;
import dev.fencepost.testing.Await;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Functions, codecs and clocks of the caller that fail, in each way: the store stays sound, and the failure is seen. */
class CallersCodeTest extends LawTest {
    private static final Key<String> KEY = Key.text("plans/a");
    private static final EventStream<String> STREAM = EventStream.text("log/a");
    private static final ChangeSource<Change<String>> PLANS = ChangeSource.values(Prefix.text("plans/"));

    /** A text codec that fails to decode or encode one text. */
    private record Fails(Exceptions how, boolean encodes) implements Codec<String> {
        @Override
        public String encode(String value) {
            if (encodes) {
                return value;
            }
            throw how.now();
        }

        @Override
        public String decode(String text) {
            if (encodes) {
                throw how.now();
            }
            return text;
        }
    }

    private enum Numbers implements Codec<Integer> {
        INSTANCE;

        @Override
        public String encode(Integer value) {
            return "" + value;
        }

        @Override
        public Integer decode(String text) {
            return Integer.valueOf(text);
        }
    }

    /** Asserts that another store in this process can write at once, and that nothing is left behind. */
    private void isSound(Store store, String value) {
        assertThat(store.get(KEY).orElseThrow().value()).isEqualTo(value);
        try (Store other = Store.open(config().withWriteLockTimeout(Duration.ZERO))) {
            other.agent("other").put(Key.text("free"), "x").orThrow();
        }
        store.agent("writer").put(Key.text("free"), "y").orThrow();
        assertThat(store.claims()).isEmpty();
        assertThat(store.check().findings()).isEmpty();
        assertThat(Thread.interrupted()).isFalse();
    }

    private static void isThrown(Exceptions how, Runnable call) {
        assertThat(catchThrowable(call::run)).isSameAs(how.throwable());
    }

    @ParameterizedTest
    @EnumSource
    void functionsOfWriters_throw_nothingIsWritten(Exceptions how) {
        Store store = open();
        Agent agent = store.agent("writer");
        agent.put(KEY, "before").orThrow();
        isThrown(
                how,
                () -> agent.transact(tx -> {
                    tx.put(KEY, "never");
                    tx.append(STREAM, NewEvent.of("never"));
                    throw how.now();
                }));
        for (int i = 0; i < 2; i++) {
            // In its second run, the function is known to be fast.
            isThrown(
                    how,
                    () -> agent.update(KEY, value -> {
                        throw how.now();
                    }));
            isThrown(
                    how,
                    () -> agent.update(Key.text("none"), "", value -> {
                        throw how.now();
                    }));
        }
        try (Claim claim = agent.claim(KEY, Lease.of(Duration.ofSeconds(30))).orThrow()) {
            isThrown(
                    how,
                    () -> claim.transact(tx -> {
                        tx.put(KEY, "never");
                        throw how.now();
                    }));
            claim.put(KEY, "under the claim");
        }
        assertThat(store.events(STREAM)).isEmpty();
        isSound(store, "under the claim");
    }

    @ParameterizedTest
    @EnumSource
    void pipelinedUpdate_throws_failsOnlyItsCaller(Exceptions how) throws Exception {
        Store store = open();
        Agent agent = store.agent("writer");
        Key<Integer> count = new Key<>("count", Numbers.INSTANCE);
        AtomicInteger failures = new AtomicInteger();
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Future<?>> all = new ArrayList<>();
            for (int thread = 0; thread < 4; thread++) {
                boolean fails = thread == 0;
                all.add(threads.submit(() -> {
                    for (int i = 0; i < 50; i++) {
                        Throwable thrown = catchThrowable(() -> agent.update(count, 0, value -> {
                            if (fails) {
                                throw how.now();
                            }
                            return value + 1;
                        }));
                        failures.addAndGet(thrown == how.throwable() ? 1 : 0);
                    }
                }));
            }
            for (Future<?> one : all) {
                one.get();
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(failures).hasValue(50);
        assertThat(store.get(count).orElseThrow().value()).isEqualTo(150);
        agent.put(KEY, "x").orThrow();
        isSound(store, "x");
    }

    private static void areThrownInTheMiddle(Exceptions how, Agent agent, Key<String> unwritable) {
        isThrown(
                how,
                () -> agent.transact(tx -> {
                    tx.put(Key.text("b"), "never");
                    tx.put(unwritable, "never");
                    return 1;
                }));
        isThrown(how, () -> agent.fold(STREAM, new Fold<>("f", 1, "", (state, event) -> "never", unwritable.codec())));
    }

    @ParameterizedTest
    @EnumSource
    void codecs_throw_nothingIsWritten(Exceptions how) {
        Store store = open();
        Agent agent = store.agent("writer");
        agent.put(KEY, "before").orThrow();
        agent.append(STREAM, new NewEvent<>("e", "x"));
        Codec<String> writing = new Fails(how, false);
        Key<String> unwritable = new Key<>(KEY.name(), writing);
        EventStream<String> stream = new EventStream<>(STREAM.name(), EventCodec.of(writing));
        isThrown(how, () -> agent.put(unwritable, "never").orThrow());
        isThrown(
                how,
                () -> agent.put(unwritable, "never", Precondition.ifValue("before"))
                        .orThrow());
        isThrown(
                how,
                () -> agent.delete(unwritable, Precondition.ifValue("before")).orThrow());
        isThrown(how, () -> agent.update(unwritable, value -> "never"));
        isThrown(how, () -> agent.append(stream, NewEvent.of("never")));
        isThrown(
                how,
                () -> agent.commit(WriteBatch.of().put(Key.text("b"), "never").put(unwritable, "never"))
                        .orThrow());
        isThrown(
                how,
                () -> agent.async()
                        .put(unwritable, "never")
                        .toCompletableFuture()
                        .join()
                        .orThrow());
        areThrownInTheMiddle(how, agent, unwritable);
        assertThat(store.get(Key.text("b"))).isEmpty();
        assertThat(store.events(STREAM)).hasSize(1);
        isSound(store, "before");
    }

    private static void areThrownByFolds(Exceptions how, Store store, Agent agent) {
        isThrown(
                how,
                () -> agent.fold(
                        STREAM,
                        new Fold<>(
                                "f",
                                1,
                                "",
                                (state, event) -> {
                                    throw how.now();
                                },
                                Codec.text())));
        isThrown(
                how,
                () -> store.history().fold(KEY, "", (state, change) -> {
                    throw how.now();
                }));
    }

    @ParameterizedTest
    @EnumSource
    void codecsAndFolds_throw_readersStayOpen(Exceptions how) {
        Store store = open();
        Agent agent = store.agent("writer");
        agent.put(KEY, "before").orThrow();
        agent.append(STREAM, new NewEvent<>("e", "x"));
        Codec<String> reading = new Fails(how, true);
        Key<String> key = new Key<>(KEY.name(), reading);
        Prefix<String> prefix = new Prefix<>("plans/", reading);
        EventStream<String> stream = new EventStream<>(STREAM.name(), EventCodec.of(reading));
        Cursor<?> cursor = Cursor.of("c", ChangeSource.stream(stream));
        for (int i = 0; i < 6; i++) {
            // More reads than there are reader connections.
            isThrown(how, () -> store.get(key));
            isThrown(how, () -> store.list(prefix));
            isThrown(how, () -> store.events(stream));
            isThrown(how, () -> store.history().of(key, 1));
            isThrown(how, () -> store.awaitChange(key, 0, Duration.ZERO));
            isThrown(how, () -> agent.feed().read(ChangeSource.values(prefix), 0, 10));
            isThrown(how, () -> agent.feed().claimBatch(cursor, Duration.ZERO));
            isThrown(how, () -> agent.update(key, value -> "never"));
            areThrownByFolds(how, store, agent);
            try (var snapshot = store.snapshot()) {
                isThrown(how, () -> snapshot.get(key));
            }
        }
        isSound(store, "before");
    }

    /** A clock that fails on request. */
    private static final class FailingClock implements InstantSource {
        private volatile Optional<Exceptions> failure = Optional.empty();

        @Override
        public Instant instant() {
            if (failure.isPresent()) {
                throw failure.get().now();
            }
            return Instant.now();
        }
    }

    @ParameterizedTest
    @EnumSource
    void clock_throws_writeLockIsFree(Exceptions how) {
        FailingClock clock = new FailingClock();
        Store store = open(config().withClock(clock));
        Agent agent = store.agent("writer");
        // A store without a commit reads the state of the file first.
        clock.failure = Optional.of(how);
        isThrown(how, () -> agent.put(KEY, "never").orThrow());
        try (Store other = Store.open(config().withWriteLockTimeout(Duration.ZERO))) {
            other.agent("other").put(Key.text("free"), "x").orThrow();
        }
        clock.failure = Optional.empty();
        agent.put(KEY, "before").orThrow();
        for (boolean disturbed : new boolean[] {false, true}) {
            if (disturbed) {
                try (Store other = Store.open(config())) {
                    other.agent("other").put(Key.text("b"), "x").orThrow();
                }
            }
            clock.failure = Optional.of(how);
            isThrown(how, () -> agent.put(KEY, "never").orThrow());
            isThrown(how, store::snapshot);
            isThrown(
                    how,
                    () -> agent.commit(WriteBatch.of().put(KEY, "never").put(Key.text("b"), "never"))
                            .orThrow());
            isThrown(
                    how,
                    () -> agent.claim(KEY, Lease.of(Duration.ofSeconds(30))).orThrow());
            try (Store other = Store.open(config().withWriteLockTimeout(Duration.ZERO))) {
                other.agent("other").put(Key.text("free"), "x").orThrow();
            }
            clock.failure = Optional.empty();
            isSound(store, "before");
        }
    }

    private static boolean hasFailedOrEnded(Subscription subscription) {
        return !subscription.isRunning() || subscription.failure().isPresent();
    }

    @ParameterizedTest
    @EnumSource
    void handler_throws_isTriedAgain(Exceptions how) throws Exception {
        Store store = open();
        Agent agent = store.agent("writer");
        agent.put(KEY, "1").orThrow();
        AtomicInteger calls = new AtomicInteger();
        List<String> seen = new CopyOnWriteArrayList<>();
        try (Subscription handling = agent.feed().subscribe(Cursor.of("h", PLANS), change -> {
                    if (calls.incrementAndGet() < 3) {
                        throw how.now();
                    }
                    seen.add(change.value().orElseThrow());
                });
                Subscription projecting = agent.feed().project(Cursor.of("p", PLANS), (tx, change) -> {
                    tx.put(Key.text("seen"), change.value().orElseThrow());
                    if (calls.get() < 3) {
                        throw how.now();
                    }
                })) {
            Await.so(() -> hasFailedOrEnded(handling) && hasFailedOrEnded(projecting));
            assertThat(handling.failure()).containsSame(how.throwable());
            assertThat(projecting.failure()).containsSame(how.throwable());
            Await.so(() -> handling.failure().isEmpty() && projecting.failure().isEmpty());
            assertThat(handling.isRunning() && projecting.isRunning()).isTrue();
            assertThat(seen).containsExactly("1");
            assertThat(store.get(Key.text("seen")).orElseThrow().value()).isEqualTo("1");
        }
        isSound(store, "1");
    }

    @ParameterizedTest
    @EnumSource
    void takersProjection_throws_batchIsKept(Exceptions how) {
        Store store = open();
        Agent agent = store.agent("writer");
        agent.put(KEY, "1").orThrow();
        try (ClaimedBatch<Change<String>> taken =
                agent.feed().claimBatch(Cursor.of("t", PLANS), Duration.ZERO).orElseThrow()) {
            isThrown(
                    how,
                    () -> taken.project(tx -> {
                        tx.put(KEY, "never");
                        throw how.now();
                    }));
            taken.project(tx -> tx.put(Key.text("seen"), "x"));
        }
        assertThatThrownBy(() -> agent.feed().move("t", Long.MAX_VALUE)).hasMessageContaining("newest commit");
        isSound(store, "1");
    }

    @ParameterizedTest
    @EnumSource
    void clock_throwsAtAHeartbeat_nextOneIsMade(Exceptions how) throws Exception {
        AtomicInteger failures = new AtomicInteger();
        FailingClock clock = new FailingClock();
        InstantSource beaten = () -> {
            if (Thread.currentThread().getName().equals("fencepost-heartbeat")) {
                if (failures.incrementAndGet() == 1) {
                    throw how.now();
                }
            }
            return clock.instant();
        };
        Store store = open(config().withClock(beaten).withHeartbeat(Duration.ofMillis(100)));
        Agent agent = store.agent("writer");
        agent.put(KEY, "x").orThrow();
        try (Claim claim = agent.claim(KEY, Lease.of(Duration.ofSeconds(30))).orThrow()) {
            Await.so(() -> failures.get() >= 3);
            assertThat(claim.epoch(KEY)).isEqualTo(1);
        }
        isSound(store, "x");
    }
}
