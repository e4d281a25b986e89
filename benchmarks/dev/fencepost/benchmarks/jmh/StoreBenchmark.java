package dev.fencepost.benchmarks.jmh;

import dev.fencepost.Agent;
import dev.fencepost.Durability;
import dev.fencepost.Key;
import dev.fencepost.Store;
import dev.fencepost.StoreConfig;
import dev.fencepost.WriteBatch;
import dev.fencepost.benchmarks.run.TemporaryFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** A benchmark on stores in a folder of its own, which are closed and deleted after each trial. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(value = 1, jvmArgsAppend = "-Dslf4j.internal.verbosity=ERROR")
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public abstract class StoreBenchmark {
    /** The system property with the parent of the folder; by default the folder for temporary files. */
    static final String PLACE = "fencepost.benchmarks.place";

    static final String VALUE = "v".repeat(200);
    private static final int MOST_IN_A_COMMIT = 1_000;

    private final List<Store> opened = new ArrayList<>();
    private @Nullable TemporaryFolder folder;

    /** A separate agent for each thread. */
    @State(Scope.Thread)
    public static class Worker {
        private static final AtomicInteger COUNT = new AtomicInteger();
        private @Nullable Agent agent;

        Agent of(Store store) {
            Agent present = agent;
            if (present == null) {
                present = store.agent("worker-" + COUNT.incrementAndGet());
                agent = present;
            }
            return present;
        }
    }

    /** Returns keys with this name and a number from 0. */
    static List<Key<String>> keys(String name, int count) {
        return IntStream.range(0, count)
                .mapToObj(number -> Key.text(name + number))
                .toList();
    }

    static <T> T any(List<T> all) {
        return all.get(ThreadLocalRandom.current().nextInt(all.size()));
    }

    /** Opens a store in a file of the folder; the caller closes it. */
    final Store open(String name, UnaryOperator<StoreConfig> settings) throws IOException {
        TemporaryFolder present = folder;
        if (present == null) {
            Path place = Path.of(System.getProperty(PLACE, System.getProperty("java.io.tmpdir")));
            present = TemporaryFolder.in(place, "fencepost-jmh");
            folder = present;
        }
        return Store.open(settings.apply(StoreConfig.of(present.file(name + ".db"))));
    }

    /** Writes another version of each key in few commits, and opens the store anew until the end of the trial. */
    final Store filled(String name, List<Key<String>> keys, String value, UnaryOperator<StoreConfig> settings)
            throws IOException {
        put(name, keys, value);
        Store store = open(name, settings);
        opened.add(store);
        return store;
    }

    /** Writes another version of each key in few commits, and closes the file. */
    final void put(String name, List<Key<String>> keys, String value) throws IOException {
        try (Store store = open(name, config -> config.withDurability(Durability.PROCESS_DEATH))) {
            Agent setup = store.agent("setup");
            for (int from = 0; from < keys.size(); from += MOST_IN_A_COMMIT) {
                WriteBatch writes = WriteBatch.of();
                keys.subList(from, Math.min(keys.size(), from + MOST_IN_A_COMMIT))
                        .forEach(key -> writes.put(key, value));
                setup.commit(writes).orThrow();
            }
        }
    }

    /** Closes the stores and removes their files. */
    @TearDown
    public void close() throws IOException {
        opened.forEach(Store::close);
        opened.clear();
        if (folder != null) {
            folder.close();
        }
    }
}
