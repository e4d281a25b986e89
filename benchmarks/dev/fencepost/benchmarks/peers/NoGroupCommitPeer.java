package dev.fencepost.benchmarks.peers;

import dev.fencepost.Durability;
import dev.fencepost.StoreConfig;
import dev.fencepost.internal.commit.NoGroupCommit;
import java.nio.file.Path;
import java.util.OptionalLong;

/** Fencepost's commit path without group commit, to show the cost of group commit for a single caller. */
final class NoGroupCommitPeer extends StorePeer {
    private final NoGroupCommit path;

    NoGroupCommitPeer(Path folder, Durability durability, int keys) {
        super(folder, keys);
        this.path = new NoGroupCommit(StoreConfig.of(file).withDurability(durability));
    }

    @Override
    Worker worker() {
        return new OptimisticWorker() {
            @Override
            OptionalLong attempt(int key, long version) {
                return path.put(BenchmarkValues.WRITER, key(key), BenchmarkValues.of(version + 1), version);
            }
        };
    }

    @Override
    public void close() {
        path.close();
    }
}
