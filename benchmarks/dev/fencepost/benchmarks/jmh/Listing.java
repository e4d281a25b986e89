package dev.fencepost.benchmarks.jmh;

import dev.fencepost.Key;
import dev.fencepost.Prefix;
import dev.fencepost.Store;
import dev.fencepost.Versioned;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
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

/** Lists one of many prefixes with equally many keys. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(value = 1, jvmArgsAppend = "-Dslf4j.internal.verbosity=ERROR")
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class Listing {
    private static final String VALUE = "v".repeat(200);

    /** The number of keys with the listed prefix. */
    @Param({"10", "1000"})
    public int listed;

    /** The number of keys in the store. */
    @Param("100000")
    public int keys;

    private Fixture fixture;
    private Store store;
    private List<Prefix<String>> prefixes;

    /** Fills a store and opens it. */
    @Setup(Level.Trial)
    public void open() throws IOException {
        prefixes = IntStream.range(0, keys / listed)
                .mapToObj(number -> Prefix.text("group-" + number + "/"))
                .toList();
        List<Key<String>> all = prefixes.stream()
                .flatMap(prefix -> Fixture.keys(prefix.name(), listed).stream())
                .toList();
        fixture = Fixture.make().put(all, VALUE);
        store = fixture.open(UnaryOperator.identity());
    }

    /** Closes the store and removes its file. */
    @TearDown(Level.Trial)
    public void close() throws IOException {
        store.close();
        fixture.close();
    }

    /** Lists all keys of one prefix with their values. */
    @Benchmark
    public List<Versioned<String>> list() {
        return store.list(prefixes.get(ThreadLocalRandom.current().nextInt(prefixes.size())));
    }
}
