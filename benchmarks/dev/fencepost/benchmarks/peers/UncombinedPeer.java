package dev.fencepost.benchmarks.peers;

import dev.fencepost.Durability;
import dev.fencepost.Key;
import dev.fencepost.StoreConfig;
import dev.fencepost.internal.txn.Uncombined;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;

/** Fencepost's commit path without the queue that combines callers, to show what combining costs one caller. */
final class UncombinedPeer implements Peer {
    private final Path file;
    private final Uncombined path;
    private final List<Key<String>> keys;
    private final Seen seen;

    private UncombinedPeer(Path folder, Durability durability, int keys) {
        this.file = folder.resolve(FencepostPeer.FILE);
        this.path = new Uncombined(StoreConfig.of(file).withDurability(durability));
        this.keys = Values.stream(keys).map(Key::text).toList();
        this.seen = new Seen(keys);
    }

    static Peer open(Path folder, Durability durability, int keys) {
        FencepostPeer.fill(folder, keys);
        return new UncombinedPeer(folder, durability, keys);
    }

    @Override
    public Worker worker() {
        return new OptimisticWorker(seen) {
            @Override
            OptionalLong attempt(int key, long version) {
                return path.put(Values.WRITER, keys.get(key), Values.of(version + 1), version);
            }
        };
    }

    @Override
    public Tally tally() throws Exception {
        return PlainTables.tally(file, keys.size());
    }

    @Override
    public void close() {
        path.close();
    }
}
