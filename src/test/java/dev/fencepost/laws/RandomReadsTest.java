package dev.fencepost.laws;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fencepost.Agent;
import dev.fencepost.Change;
import dev.fencepost.Committed;
import dev.fencepost.Freshness;
import dev.fencepost.Key;
import dev.fencepost.Position;
import dev.fencepost.Prefix;
import dev.fencepost.Store;
import dev.fencepost.Versioned;
import dev.fencepost.WriteBatch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Random reads and writes by threads through two stores, each read with a random freshness. Every read notes the
 * sequence that it must reach. The history of the file then tells which versions it could return.
 */
class RandomReadsTest extends LawTest {
    private static final List<Key<String>> KEYS =
            IntStream.range(0, 8).mapToObj(i -> Key.text("keys/" + i)).toList();
    private static final int READERS = 3;
    private static final int STEPS = 4_000;
    private static final int LONGEST_AGE = 4_000_000;

    /**
     * The result of one read.
     *
     * @param version the version that was read; empty if the key was absent
     * @param least the sequence that the read had to reach
     */
    private record Shown(Key<String> key, Freshness freshness, Optional<Long> version, long least) {}

    private final NavigableMap<Long, Long> acknowledgedAt = new ConcurrentSkipListMap<>();
    private final AtomicLong acknowledged = new AtomicLong();
    private final Queue<Shown> shown = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean over = new AtomicBoolean();
    private final long begin = System.nanoTime();

    /** A store, and the newest sequence that its reads have returned. */
    private record Side(Store store, Agent agent, AtomicLong seen) {
        static Side of(Store store) {
            return new Side(store, store.agent("agent"), new AtomicLong());
        }

        void saw(long sequence) {
            seen.accumulateAndGet(sequence, Math::max);
        }
    }

    @ParameterizedTest
    @CsvSource({"true, 1000000", "true, 700", "false, 1000000", "false, 700"})
    void everyRead_isAsFreshAsPromised(boolean mapped, long cacheBytes) throws Exception {
        long seed = Long.getLong("fencepost.laws.seed", new Random().nextLong());
        System.out.println("random reads: -Dfencepost.laws.seed=" + seed);
        Random random = new Random(seed);
        List<Side> sides = IntStream.range(0, 2)
                .mapToObj(i -> Side.of(open(config().withMappedWalIndex(mapped).withCacheBytes(cacheBytes))))
                .toList();
        ExecutorService threads = Executors.newCachedThreadPool();
        try {
            List<Future<?>> readers = new ArrayList<>();
            List<Future<?>> writers = new ArrayList<>();
            for (Side side : sides) {
                long writing = random.nextLong();
                writers.add(threads.submit(() -> write(side, new Random(writing))));
                for (int i = 0; i < READERS; i++) {
                    long reading = random.nextLong();
                    readers.add(threads.submit(() -> read(side, new Random(reading))));
                }
            }
            for (Future<?> reader : readers) {
                reader.get();
            }
            over.set(true);
            for (Future<?> writer : writers) {
                writer.get();
            }
        } finally {
            over.set(true);
            threads.shutdownNow();
        }
        verify(sides.get(0).store());
    }

    private void write(Side side, Random random) {
        while (!over.get()) {
            change(side, random);
            if (random.nextInt(4) == 0) {
                Thread.yield();
            }
        }
    }

    private void read(Side side, Random random) {
        for (int step = 0; step < STEPS; step++) {
            switch (random.nextInt(40)) {
                case 0 -> change(side, random);
                case 1 -> side.store().list(Prefix.text("keys/")).forEach(found -> side.saw(found.sequence()));
                case 2 ->
                    side.store()
                            .history()
                            .of(any(random), 1)
                            .forEach(found -> side.saw(found.stamp().sequence()));
                case 3 ->
                    side.agent().transact(tx -> tx.get(any(random))).ifPresent(found -> side.saw(found.sequence()));
                case 4 -> side.saw(side.store().position().sequence());
                default -> readOne(side, random);
            }
        }
    }

    private static Key<String> any(Random random) {
        return KEYS.get(random.nextInt(KEYS.size()));
    }

    /**
     * Makes a random commit. Later reads through this store must reach it. Once it is acknowledged, so must every
     * latest read.
     */
    private void change(Side side, Random random) {
        Key<String> key = any(random);
        long sequence;
        switch (random.nextInt(8)) {
            case 0 -> {
                if (!(side.agent().tryDelete(key) instanceof Committed<String> deleted)) {
                    return;
                }
                sequence = deleted.sequence();
            }
            case 1 ->
                sequence = side.agent().update(key, "", text -> text + "x").sequence();
            case 2 -> {
                WriteBatch both = WriteBatch.of().put(KEYS.get(0), "both").put(KEYS.get(7), "both");
                sequence = side.agent().commit(both).orThrow().writes().get(0).sequence();
            }
            default -> sequence = side.agent().put(key, "put").orThrow().sequence();
        }
        side.saw(sequence);
        long newest = acknowledged.accumulateAndGet(sequence, Math::max);
        acknowledgedAt.merge(System.nanoTime() - begin, newest, Math::max);
    }

    private void readOne(Side side, Random random) {
        Key<String> key = any(random);
        long seen = side.seen().get();
        long least;
        Freshness freshness;
        switch (random.nextInt(4)) {
            case 0 -> {
                freshness = Freshness.latest();
                least = acknowledged.get();
            }
            case 1 -> {
                long late = acknowledged.get();
                least = Math.max(0, late - random.nextInt(3));
                freshness = Freshness.atLeast(new Position(side.store().id(), least));
            }
            case 2 -> {
                Duration age = Duration.ofNanos(random.nextInt(LONGEST_AGE));
                freshness = Freshness.maxStaleness(age);
                Map.Entry<Long, Long> then = acknowledgedAt.lowerEntry(System.nanoTime() - begin - age.toNanos());
                least = then == null ? 0 : then.getValue();
            }
            default -> {
                freshness = Freshness.any();
                least = 0;
            }
        }
        Optional<Versioned<String>> found = side.store().get(key, freshness);
        found.ifPresent(version -> side.saw(version.sequence()));
        shown.add(new Shown(key, freshness, found.map(Versioned::version), Math.max(seen, least)));
    }

    private void verify(Store store) {
        assertThat(shown).hasSizeGreaterThan(STEPS);
        for (Key<String> key : KEYS) {
            List<Change<String>> history = store.history().of(key);
            shown.stream().filter(one -> one.key().equals(key)).forEach(one -> {
                long bound = history.stream()
                        .map(Change::stamp)
                        .filter(stamp -> stamp.sequence() <= one.least())
                        .mapToLong(stamp -> stamp.version())
                        .findFirst()
                        .orElse(0);
                assertThat(couldShow(history, bound, one))
                        .as(one + " with version " + bound)
                        .isTrue();
            });
        }
    }

    /** Returns whether a read returned the state of a key at this version or later. */
    private static boolean couldShow(List<Change<String>> history, long least, Shown one) {
        if (one.version().isPresent()) {
            return one.version().get() >= least;
        }
        return least == 0
                || history.stream()
                        .anyMatch(change -> change.stamp().version() >= least
                                && change.value().isEmpty());
    }
}
