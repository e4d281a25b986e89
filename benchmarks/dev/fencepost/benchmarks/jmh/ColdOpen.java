package dev.fencepost.benchmarks.jmh;

import dev.fencepost.Key;
import dev.fencepost.Store;
import dev.fencepost.Versioned;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Opens a store, reads one key and closes the store, as a single command does. The store's cache is empty, but the
 * virtual machine is warm and the file is in the system's page cache.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(value = 1, jvmArgsAppend = "-Dslf4j.internal.verbosity=ERROR")
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class ColdOpen {
    private static final int KEYS = 1_000;
    private static final String VALUE = "v".repeat(200);

    /** The number of versions in the file, of a thousand keys. */
    @Param({"1000", "100000"})
    public int versions;

    private Fixture fixture;
    private List<Key<String>> names;

    /** Fills a store. */
    @Setup(Level.Trial)
    public void fill() throws IOException {
        names = Fixture.keys("keys/", KEYS);
        fixture = Fixture.make();
        for (int round = 0; round < versions / KEYS; round++) {
            fixture.put(names, VALUE + round);
        }
    }

    /** Removes the file. */
    @TearDown(Level.Trial)
    public void remove() throws IOException {
        fixture.close();
    }

    /** Opens a store, reads one value and closes the store. */
    @Benchmark
    public Optional<Versioned<String>> openGetClose() {
        try (Store store = fixture.open(UnaryOperator.identity())) {
            return store.get(names.get(ThreadLocalRandom.current().nextInt(KEYS)));
        }
    }
}
