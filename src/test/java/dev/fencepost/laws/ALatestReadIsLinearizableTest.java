package dev.fencepost.laws;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fencepost.Agent;
import dev.fencepost.Key;
import dev.fencepost.Prefix;
import dev.fencepost.Store;
import dev.fencepost.Versioned;
import dev.fencepost.testing.WorkerProcess;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A read that begins after a commit was acknowledged anywhere sees it, from the cache too. */
class ALatestReadIsLinearizableTest extends LawTest {
    private static final Key<String> KEY = Key.text("ball");
    private static final int ROUNDS = 2_000;

    @ParameterizedTest
    @ValueSource(ints = {0, 1_000_000})
    void commitOfAnotherProcess_isSeenOnceAcknowledged(int cacheBytes) {
        WorkerProcess far = worker("cache=" + cacheBytes);
        Store near = open(config().withCacheBytes(cacheBytes));
        Agent agent = near.agent("near");
        assertThat(near.get(KEY)).isEmpty();
        assertThat(far.ask("get", "ball")).isEqualTo("absent");
        long version = 0;
        for (int round = 0; round < ROUNDS; round++) {
            assertThat(far.ask("put", "ball", "far" + round)).isEqualTo("committed " + ++version);
            assertThat(near.get(KEY).map(Versioned::value)).contains("far" + round);
            if (round % 10 == 0) {
                assertThat(far.ask("delete", "ball")).isEqualTo("committed " + ++version);
                assertThat(near.get(KEY)).isEmpty();
            }
            assertThat(agent.put(KEY, "near" + round).orThrow().version()).isEqualTo(++version);
            assertThat(far.ask("get", "ball")).isEqualTo("value " + version + " near" + round);
        }
    }

    @Test
    void firstVersionOfKey_isSeenOnceAcknowledged() {
        WorkerProcess far = worker();
        Store near = open();
        for (int round = 0; round < 200; round++) {
            String name = "new-" + round;
            assertThat(near.get(Key.text(name))).isEmpty();
            far.ask("put", name, "x");
            assertThat(near.get(Key.text(name)).map(Versioned::version)).contains(1L);
        }
        assertThat(near.list(Prefix.text("new-"))).hasSize(200);
    }

    @Test
    void moreChangesThanTheCacheFollows_areSeen() {
        WorkerProcess far = worker();
        Store near = open();
        List<Key<String>> keys = List.of(Key.text("update"), Key.text("other"));
        near.agent("near").put(keys.get(1), "kept").orThrow();
        keys.forEach(near::get);
        for (int many : List.of(998, 999, 1_000, 1_001, 2_500)) {
            assertThat(far.ask("increment", "update", "update", "" + many)).isEqualTo("done");
            String last = far.ask("get", "update").split(" ")[2];
            assertThat(near.get(keys.get(0)).map(Versioned::value)).contains(last);
            assertThat(near.get(keys.get(1)).map(Versioned::value)).contains("kept");
        }
    }

    @Test
    void editAtThePrompt_isSeen() {
        Store near = open();
        near.agent("near").put(KEY, "one").orThrow();
        assertThat(near.get(KEY)).isPresent();
        opener().atPrompt(folder, "UPDATE current_values SET value = 'two' WHERE key = 'ball'");
        assertThat(near.get(KEY).orElseThrow()).satisfies(seen -> {
            assertThat(seen.value()).isEqualTo("two");
            assertThat(seen.version()).isEqualTo(2);
            assertThat(seen.writer()).isEqualTo("sql");
        });
        opener().atPrompt(folder, "DELETE FROM current_values WHERE key = 'ball'");
        assertThat(near.get(KEY)).isEmpty();
        opener().atPrompt(folder, "INSERT INTO current_values (key, value) VALUES ('ball', 'three')");
        assertThat(near.get(KEY).map(Versioned::version)).contains(4L);
    }

    /** No reader, on any thread or store, sees less than was acknowledged before its read. */
    @Test
    void manyReaders_neverSeeLessThanWasAcknowledged() throws Exception {
        AtomicLong acknowledged = new AtomicLong();
        AtomicBoolean over = new AtomicBoolean();
        Agent agent = open().agent("writer");
        agent.put(KEY, "0").orThrow();
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Store> stores = List.of(open(), open());
            List<Future<Long>> readers = List.of(0, 1, 2, 3).stream()
                    .map(i -> threads.submit(() -> read(stores.get(i % 2), acknowledged, over)))
                    .toList();
            for (int n = 1; n <= ROUNDS; n++) {
                agent.put(KEY, "" + n).orThrow();
                acknowledged.set(n);
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

    private static long read(Store store, AtomicLong acknowledged, AtomicBoolean over) {
        long reads = 0;
        long last = 0;
        do {
            long least = Math.max(last, acknowledged.get());
            last = Long.parseLong(store.get(KEY).orElseThrow().value());
            assertThat(last).isGreaterThanOrEqualTo(least);
            reads++;
        } while (!over.get());
        return reads;
    }
}
