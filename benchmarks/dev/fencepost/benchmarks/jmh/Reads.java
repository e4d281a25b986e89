package dev.fencepost.benchmarks.jmh;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.fencepost.Agent;
import dev.fencepost.Freshness;
import dev.fencepost.Key;
import dev.fencepost.Store;
import dev.fencepost.Versioned;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/**
 * One read of a random key in each way that the library offers, without writers. The reference is a bare cache without
 * guarantees. Every figure includes the choice of the key.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class Reads extends StoreBenchmark {
    private static final long ENOUGH_BYTES = 1 << 26;

    /** The number of keys from which the threads choose; all of them fit into the cache. */
    @Param("1000")
    public int keys;

    private Store cached;
    private Store uncached;
    private Agent reader;
    private Cache<String, Optional<Versioned<String>>> bare;
    private List<Key<String>> names;
    private Freshness young;
    private Freshness reached;

    /** Fills two stores, one with a cache and one without, and the bare cache with the same values. */
    @Setup
    public void open() throws IOException {
        names = keys("reads/", keys);
        cached = filled("cached", names, VALUE, config -> config.withCacheBytes(ENOUGH_BYTES));
        uncached = filled("uncached", names, VALUE, config -> config.withCacheBytes(0));
        reader = cached.agent("reader");
        bare = Caffeine.newBuilder()
                .maximumWeight(ENOUGH_BYTES)
                .weigher((String name, Optional<Versioned<String>> value) -> name.length() + VALUE.length())
                .executor(Runnable::run)
                .build();
        names.forEach(key -> bare.put(key.name(), cached.get(key)));
        young = Freshness.maxStaleness(Duration.ofSeconds(1));
        reached = Freshness.atLeast(cached.position());
    }

    /** Reads the bare cache, which is the reference: the cost of the cache itself. */
    @Benchmark
    public @Nullable Optional<Versioned<String>> bareCaffeine() {
        return bare.getIfPresent(any(names).name());
    }

    /** Reads the latest value from the cache, after a check that nothing was committed since. */
    @Benchmark
    public Optional<Versioned<String>> latestFromCache() {
        return cached.get(any(names));
    }

    /** Reads any cached value. */
    @Benchmark
    public Optional<Versioned<String>> anyFromCache() {
        return cached.get(any(names), Freshness.any());
    }

    /** Reads a value that was the latest at most a second ago. */
    @Benchmark
    public Optional<Versioned<String>> atMostFromCache() {
        return cached.get(any(names), young);
    }

    /** Reads a value at or after a position that was reached. */
    @Benchmark
    public Optional<Versioned<String>> atLeastFromCache() {
        return cached.get(any(names), reached);
    }

    /** Reads the latest value from the file. */
    @Benchmark
    public Optional<Versioned<String>> latestUncached() {
        return uncached.get(any(names));
    }

    /** Reads one key in a transaction that writes nothing. */
    @Benchmark
    public Optional<Versioned<String>> transaction() {
        Key<String> key = any(names);
        return reader.transact(tx -> tx.get(key));
    }
}
