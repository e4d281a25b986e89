package dev.fencepost.benchmarks.peers;

import dev.fencepost.Key;
import dev.fencepost.Store;
import dev.fencepost.WriteBatch;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;

/** A store of Fencepost's. */
abstract class StorePeer extends Peer {
    /** The name of the store's file in its folder. */
    static final String FILE = "store.db";

    final Path file;
    private final List<Key<String>> names;

    /** Creates the store. */
    StorePeer(Path folder, int keys) {
        super(keys);
        this.file = folder.resolve(FILE);
        this.names = Arrays.stream(this.keys).map(Key::text).toList();
        fill(folder, keys);
    }

    final Key<String> key(int number) {
        return names.get(number);
    }

    /** Creates a store in which each key has version 1, and closes it. */
    static void fill(Path folder, int keys) {
        try (Store store = Store.open(folder.resolve(FILE))) {
            WriteBatch first = WriteBatch.of();
            for (String key : BenchmarkValues.keys(keys)) {
                first.put(Key.text(key), BenchmarkValues.of(1));
            }
            store.agent("setup").commit(first).orThrow();
        }
    }

    @Override
    VerificationTotals tally() throws SQLException {
        return PlainTables.tally(file, keys.length);
    }
}
