package dev.fencepost.laws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fencepost.Agent;
import dev.fencepost.Conflict;
import dev.fencepost.Freshness;
import dev.fencepost.InvalidInputException;
import dev.fencepost.Key;
import dev.fencepost.Position;
import dev.fencepost.Precondition;
import dev.fencepost.Prefix;
import dev.fencepost.Store;
import dev.fencepost.StoreClosedException;
import dev.fencepost.Versioned;
import dev.fencepost.testing.WorkerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Stale reads: no staler than the caller allows, in any process, and never without the caller's own writes. */
class StalerReadsAreAskedForByNameTest extends LawTest {
    private static final Key<String> SEEN = Key.text("keys/seen");
    private static final Key<String> BEFORE = Key.text("keys/before");
    private static final Key<String> GONE = Key.text("keys/gone");
    private static final List<Key<String>> KEYS = List.of(SEEN, BEFORE, GONE);
    private static final Freshness ANY = Freshness.any();
    private static final Freshness LONG = Freshness.maxStaleness(Duration.ofHours(1));
    private static final Duration SHORT = Duration.ofMillis(3);
    private static final int ROUNDS = 300;

    /** Opens a store that has cached the first version of each key. */
    private Store near(boolean mapped) {
        Store near = open(config().withMappedWalIndex(mapped));
        KEYS.forEach(key -> near.agent("near").put(key, "old").orThrow());
        KEYS.forEach(key -> assertThat(near.get(key)).isPresent());
        return near;
    }

    private static void changeAll(WorkerProcess far) {
        assertThat(far.ask("delete", GONE.name())).isEqualTo("committed 2");
        assertThat(far.ask("put", BEFORE.name(), "new")).isEqualTo("committed 2");
        assertThat(far.ask("put", SEEN.name(), "new")).isEqualTo("committed 2");
    }

    private static String read(Store store, Key<String> key, Freshness freshness) {
        return store.get(key, freshness).map(Versioned::value).orElse("absent");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void staleRead_withinFreshness_isServedDespiteForeignCommit(boolean mapped) {
        Store near = near(mapped);
        Position old = near.position();
        changeAll(worker());
        for (Freshness enough : List.of(ANY, LONG, Freshness.atLeast(old))) {
            assertThat(KEYS)
                    .allSatisfy(key -> assertThat(read(near, key, enough)).isEqualTo("old"));
        }
        assertThat(near.position()).isEqualTo(old);
        assertThat(read(near, BEFORE, Freshness.latest())).isEqualTo("new");
        for (Freshness enough : List.of(ANY, LONG, Freshness.atLeast(old))) {
            assertThat(read(near, SEEN, enough)).isEqualTo("new");
            assertThat(read(near, GONE, enough)).isEqualTo("absent");
        }
        assertThat(near.position().sequence()).isEqualTo(old.sequence() + 3);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void valueOlderThanFreshness_isNotServed(boolean mapped) {
        Store near = near(mapped);
        changeAll(worker());
        assertThat(read(near, BEFORE, Freshness.maxStaleness(Duration.ofNanos(1))))
                .isEqualTo("new");
    }

    /** A position names a commit that exists already, so another process need not wait for it. */
    @ParameterizedTest
    @CsvSource({"true, true", "true, false", "false, true", "false, false"})
    void readAtForeignPosition_seesTheSameCommits(boolean mapped, boolean written) {
        Store near = near(mapped);
        WorkerProcess second = worker("mapped=" + mapped);
        KEYS.forEach(key -> assertThat(second.ask("get", key.name())).isEqualTo("value 1 old"));
        WorkerProcess far = worker();
        changeAll(far);
        String token;
        if (written) {
            token = far.ask("position");
        } else {
            assertThat(read(near, SEEN, Freshness.latest())).isEqualTo("new");
            token = near.position().text();
        }
        for (String stale : List.of("any", "3600000")) {
            assertThat(second.ask("read", BEFORE.name(), stale)).isEqualTo("value 1 old");
        }
        assertThat(second.ask("read", BEFORE.name(), token)).isEqualTo("value 2 new");
        assertThat(second.ask("read", GONE.name(), token)).isEqualTo("absent");
        assertThat(far.ask("put", BEFORE.name(), "newer")).isEqualTo("committed 3");
        assertThat(second.ask("read", BEFORE.name(), token)).isEqualTo("value 2 new");
        assertThat(second.ask("read", BEFORE.name(), far.ask("position"))).isEqualTo("value 3 newer");
        // And back, to a store that has seen less.
        assertThat(read(near, BEFORE, Freshness.atLeast(Position.parse(second.ask("position")))))
                .isEqualTo("newer");
    }

    /** After any read of something newer, no key reads older: neither here nor in a process that gets the position. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "get",
                "get of what is not kept",
                "list",
                "empty list",
                "history",
                "version",
                "transaction",
                "change",
                "conflict",
                "claims",
                "commit",
                "update",
                "commit of many"
            })
    void staleReads_afterSeeingANewerCommit_doNotGoBack(String way) {
        Store near = near(true);
        WorkerProcess second = worker();
        KEYS.forEach(key -> assertThat(second.ask("get", key.name())).isEqualTo("value 1 old"));
        WorkerProcess far = worker();
        changeAll(far);
        if (way.equals("claims")) {
            assertThat(far.ask("claim", "c", "claimed", "60000", "0")).startsWith("granted");
        }
        assertThat(read(near, BEFORE, ANY)).isEqualTo("old");
        see(near, way);
        String token = near.position().text();
        assertThat(read(near, BEFORE, ANY)).isEqualTo("new");
        assertThat(read(near, GONE, ANY)).isEqualTo("absent");
        assertThat(second.ask("read", BEFORE.name(), "any")).isEqualTo("value 1 old");
        assertThat(second.ask("read", BEFORE.name(), token)).isEqualTo("value 2 new");
    }

    private static void see(Store near, String way) {
        Agent agent = near.agent("near");
        Key<String> own = Key.text("own");
        switch (way) {
            case "get" -> assertThat(near.get(SEEN).orElseThrow().value()).isEqualTo("new");
            case "get of what is not kept" -> assertThat(near.get(own, ANY)).isEmpty();
            case "list" -> assertThat(near.list(Prefix.text("keys/"))).hasSize(2);
            case "empty list" -> assertThat(near.list(Prefix.text(GONE.name()))).isEmpty();
            case "history" -> assertThat(near.history().of(SEEN, 10)).hasSize(2);
            case "version" ->
                assertThat(near.history().version(SEEN, 2))
                        .matches(answer -> answer.change().isPresent());
            case "transaction" ->
                assertThat(agent.<String>transact(
                                tx -> tx.get(SEEN).orElseThrow().value()))
                        .isEqualTo("new");
            case "change" ->
                assertThat(near.awaitChange(SEEN, 1, Duration.ZERO)).isPresent();
            case "conflict" ->
                assertThat(agent.tryPut(SEEN, "x", Precondition.ifVersion(1))).isInstanceOf(Conflict.class);
            case "claims" -> assertThat(near.claims()).hasSize(1);
            case "commit" -> agent.put(own, "x").orThrow();
            case "update" -> agent.update(own, "", text -> text + "x");
            case "commit of many" ->
                agent.transact(tx -> {
                    tx.put(own, "x");
                    tx.put(Key.text("own/2"), "x");
                    return "";
                });
            default -> throw new IllegalArgumentException(way);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void staleReads_alwaysSeeOwnWrites(boolean mapped) {
        Store near = near(mapped);
        Agent agent = near.agent("near");
        WorkerProcess far = worker();
        // Other commits, so that a commit here is hardly ever the only one since the last check.
        far.tell("increment", "update", "noise", "1000000");
        for (int round = 0; round < ROUNDS; round++) {
            String value = "" + round;
            agent.put(SEEN, value).orThrow();
            assertThat(read(near, SEEN, ANY)).isEqualTo(value);
            assertThat(read(near, SEEN, LONG)).isEqualTo(value);
            if (round % 10 == 0) {
                agent.delete(SEEN).orThrow();
                assertThat(read(near, SEEN, ANY)).isEqualTo("absent");
            }
        }
    }

    /** This thread lets another process write, and notes when each write was acknowledged; the other threads read. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void reads_duringForeignWrites_areNoStalerThanAllowed(boolean mapped) throws Exception {
        WorkerProcess far = worker();
        far.ask("put", SEEN.name(), "0");
        List<Store> stores = List.of(open(config().withMappedWalIndex(mapped)), open(config()));
        NavigableMap<Long, Long> acknowledged = new ConcurrentSkipListMap<>();
        AtomicBoolean over = new AtomicBoolean();
        long begin = System.nanoTime();
        ExecutorService threads = Executors.newCachedThreadPool();
        try {
            List<Future<Long>> readers = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                Store store = stores.get(i % 2);
                readers.add(threads.submit(() -> readYoung(store, begin, acknowledged, over)));
            }
            for (long n = 1; n <= 3 * ROUNDS; n++) {
                far.ask("put", SEEN.name(), "" + n);
                acknowledged.put(System.nanoTime() - begin, n);
            }
            over.set(true);
            for (Future<Long> reader : readers) {
                assertThat(reader.get()).isPositive();
            }
        } finally {
            over.set(true);
            threads.shutdownNow();
        }
    }

    private static long readYoung(Store store, long begin, NavigableMap<Long, Long> acknowledged, AtomicBoolean over) {
        long reads = 0;
        long last = 0;
        do {
            Map.Entry<Long, Long> least = acknowledged.floorEntry(System.nanoTime() - begin - SHORT.toNanos());
            long seen = Long.parseLong(read(store, SEEN, Freshness.maxStaleness(SHORT)));
            assertThat(seen).isGreaterThanOrEqualTo(Math.max(last, least == null ? 0 : least.getValue()));
            last = seen;
            if (reads++ % 64 == 0) {
                Thread.yield();
            }
        } while (!over.get());
        return reads;
    }

    @Test
    void reads_withoutCache_areLatest() {
        Store near = open(config().withCacheBytes(0));
        WorkerProcess far = worker();
        for (int round = 1; round <= 20; round++) {
            far.ask("put", SEEN.name(), "" + round);
            assertThat(read(near, SEEN, ANY)).isEqualTo("" + round);
        }
    }

    @Test
    void position_ofAnotherStoreOrAhead_isRefused() throws IOException {
        Store near = near(true);
        Files.createDirectory(folder.resolve("another"));
        WorkerProcess far = worker("in=another");
        String other = far.ask("position");
        assertThatThrownBy(() -> near.get(SEEN, Freshness.atLeast(Position.parse(other))))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContainingAll(other, "another store", near.id());
        Position ahead = new Position(near.id(), near.position().sequence() + 1);
        assertThatThrownBy(() -> near.get(SEEN, Freshness.atLeast(ahead)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContainingAll(ahead.text(), "ahead of the store");
        assertThat(worker().ask("put", BEFORE.name(), "new")).isEqualTo("committed 2");
        assertThat(read(near, BEFORE, Freshness.atLeast(ahead))).isEqualTo("new");
    }

    @Test
    void closedStore_refusesReads_andKeepsItsPosition() {
        Store near = near(true);
        Position position = near.position();
        near.close();
        for (Freshness freshness : List.of(ANY, LONG, Freshness.atLeast(position), Freshness.latest())) {
            assertThatThrownBy(() -> near.get(SEEN, freshness)).isInstanceOf(StoreClosedException.class);
        }
        assertThat(near.position()).isEqualTo(position);
    }
}
