package dev.fencepost.benchmarks;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.fencepost.Agent;
import dev.fencepost.Durability;
import dev.fencepost.Key;
import dev.fencepost.Store;
import dev.fencepost.StoreConfig;
import dev.fencepost.Versioned;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What a latest read costs when its key is cached and nobody writes, beside a bare Caffeine cache that holds the same and
 * that nothing keeps fresh. The keys take turns, so that it is not one cache line that is measured.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(value = 1, jvmArgsAppend = "-Dslf4j.internal.verbosity=ERROR")
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class CachedReads {
    private static final int KEYS = 1_024;
    private static final long CACHE_BYTES = 64L * 1024 * 1024;
    private static final String VALUE = "x".repeat(200);

    private Path folder;
    private Store store;
    private Key<String>[] keys;
    private Cache<String, Optional<Versioned<String>>> bare;

    /** Opens a store, and puts the same values into it and into the bare cache. */
    @Setup(Level.Trial)
    @SuppressWarnings("unchecked")
    public void open() throws IOException {
        folder = Files.createTempDirectory("fencepost-benchmark");
        store = Store.open(StoreConfig.of(folder.resolve("benchmark.db"))
                .withDurability(Durability.PROCESS_DEATH)
                .withCacheBytes(CACHE_BYTES));
        keys = IntStream.range(0, KEYS).mapToObj(i -> Key.text("plans/" + i)).toArray(Key[]::new);
        bare = Caffeine.newBuilder()
                .maximumWeight(CACHE_BYTES)
                .weigher((String key, Optional<Versioned<String>> value) -> VALUE.length())
                .build();
        Agent agent = store.agent("setup");
        for (Key<String> key : keys) {
            agent.put(key, VALUE).orThrow();
            bare.put(key.name(), store.get(key));
        }
    }

    /** Closes the store and removes its file. */
    @TearDown(Level.Trial)
    public void close() throws IOException {
        store.close();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    /** Where a thread is in its round through the keys. */
    @State(Scope.Thread)
    public static class Turn {
        private int next;

        private int next() {
            return next++ & (KEYS - 1);
        }
    }

    /** Nothing is compared: the value may be of any age. */
    @Benchmark
    public Optional<Versioned<String>> bareCaffeine(Turn turn) {
        return bare.getIfPresent(keys[turn.next()].name());
    }

    /** Linearizable across processes. */
    @Benchmark
    public Optional<Versioned<String>> latestRead(Turn turn) {
        return store.get(keys[turn.next()]);
    }
}
