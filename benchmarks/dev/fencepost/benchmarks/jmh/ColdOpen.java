package dev.fencepost.benchmarks.jmh;

import dev.fencepost.Key;
import dev.fencepost.Store;
import dev.fencepost.Versioned;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/**
 * Opens a store, reads one key and closes the store, as a single command does. The store's cache is empty, but the
 * virtual machine is warm and the file is in the system's page cache.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
public class ColdOpen extends StoreBenchmark {
    private static final int KEYS = 1_000;

    /** The number of versions in the file, of a thousand keys. */
    @Param({"1000", "100000"})
    public int versions;

    private List<Key<String>> names;

    /** Fills a store. */
    @Setup
    public void fill() throws IOException {
        names = keys("keys/", KEYS);
        for (int round = 0; round < versions / KEYS; round++) {
            put("values", names, VALUE + round);
        }
    }

    /** Opens a store, reads one value and closes the store. */
    @Benchmark
    public Optional<Versioned<String>> openGetClose() throws IOException {
        try (Store store = open("values", UnaryOperator.identity())) {
            return store.get(any(names));
        }
    }
}
