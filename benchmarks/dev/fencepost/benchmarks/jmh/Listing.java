package dev.fencepost.benchmarks.jmh;

import dev.fencepost.Key;
import dev.fencepost.Prefix;
import dev.fencepost.Store;
import dev.fencepost.Versioned;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/** Lists one of many prefixes with equally many keys. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class Listing extends StoreBenchmark {

    /** The number of keys with the listed prefix. */
    @Param({"10", "1000"})
    public int listed;

    /** The number of keys in the store. */
    @Param("100000")
    public int keys;

    private Store store;
    private List<Prefix<String>> prefixes;

    /** Fills a store and opens it. */
    @Setup
    public void open() throws IOException {
        prefixes = IntStream.range(0, keys / listed)
                .mapToObj(number -> Prefix.text("group-" + number + "/"))
                .toList();
        List<Key<String>> all = prefixes.stream()
                .flatMap(prefix -> keys(prefix.name(), listed).stream())
                .toList();
        store = filled("values", all, VALUE, UnaryOperator.identity());
    }

    /** Lists all keys of one prefix with their values. */
    @Benchmark
    public List<Versioned<String>> list() {
        return store.list(any(prefixes));
    }
}
