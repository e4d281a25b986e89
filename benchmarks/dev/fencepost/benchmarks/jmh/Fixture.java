package dev.fencepost.benchmarks.jmh;

import dev.fencepost.Agent;
import dev.fencepost.Durability;
import dev.fencepost.Key;
import dev.fencepost.Store;
import dev.fencepost.StoreConfig;
import dev.fencepost.WriteBatch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A store's file in its own folder. {@link #close} deletes the folder. */
final class Fixture implements AutoCloseable {
    /** The system property with the parent folder of all fixtures; by default the folder for temporary files. */
    static final String PLACE = "fencepost.benchmarks.place";

    private static final int MOST_IN_A_COMMIT = 1_000;

    private final Path folder;

    private Fixture(Path folder) {
        this.folder = folder;
    }

    /** Creates a fixture in a new folder. */
    static Fixture make() throws IOException {
        Path place = Path.of(System.getProperty(PLACE, System.getProperty("java.io.tmpdir")));
        return new Fixture(Files.createTempDirectory(place, "fencepost-jmh"));
    }

    /** Returns keys with this name and a number from 0. */
    static List<Key<String>> keys(String name, int count) {
        return IntStream.range(0, count)
                .mapToObj(number -> Key.text(name + number))
                .toList();
    }

    Path file() {
        return folder.resolve("benchmark.db");
    }

    Store open(UnaryOperator<StoreConfig> settings) {
        return Store.open(settings.apply(StoreConfig.of(file())));
    }

    /** Writes another version of each key in few commits, and closes the file. */
    Fixture put(List<Key<String>> keys, String value) {
        try (Store store = open(config -> config.withDurability(Durability.PROCESS_DEATH))) {
            Agent setup = store.agent("setup");
            for (int from = 0; from < keys.size(); from += MOST_IN_A_COMMIT) {
                WriteBatch writes = WriteBatch.of();
                keys.subList(from, Math.min(keys.size(), from + MOST_IN_A_COMMIT))
                        .forEach(key -> writes.put(key, value));
                setup.commit(writes).orThrow();
            }
        }
        return this;
    }

    @Override
    public void close() throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
