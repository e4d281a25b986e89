package dev.fencepost.benchmarks.peers;

import dev.fencepost.Durability;
import dev.fencepost.Key;
import dev.fencepost.StoreConfig;
import dev.fencepost.internal.commit.NoGroupCommit;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;

/** Fencepost's commit path without group commit, to show the cost of group commit for a single caller. */
final class NoGroupCommitPeer implements Peer {
    private final Path file;
    private final NoGroupCommit path;
    private final List<Key<String>> keys;
    private final LastSeenVersions seen;

    private NoGroupCommitPeer(Path folder, Durability durability, int keys) {
        this.file = folder.resolve(FencepostPeer.FILE);
        this.path = new NoGroupCommit(StoreConfig.of(file).withDurability(durability));
        this.keys = BenchmarkValues.stream(keys).map(Key::text).toList();
        this.seen = new LastSeenVersions(keys);
    }

    static Peer open(Path folder, Durability durability, int keys) {
        FencepostPeer.fill(folder, keys);
        return new NoGroupCommitPeer(folder, durability, keys);
    }

    @Override
    public Worker worker() {
        return new OptimisticWorker(seen) {
            @Override
            OptionalLong attempt(int key, long version) {
                return path.put(BenchmarkValues.WRITER, keys.get(key), BenchmarkValues.of(version + 1), version);
            }
        };
    }

    @Override
    public VerificationTotals tally() throws Exception {
        return PlainTables.tally(file, keys.size());
    }

    @Override
    public void close() {
        path.close();
    }
}
