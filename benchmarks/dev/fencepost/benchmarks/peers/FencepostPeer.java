package dev.fencepost.benchmarks.peers;

import dev.fencepost.Agent;
import dev.fencepost.Committed;
import dev.fencepost.Conflict;
import dev.fencepost.Durability;
import dev.fencepost.Key;
import dev.fencepost.Precondition;
import dev.fencepost.Store;
import dev.fencepost.StoreConfig;
import dev.fencepost.WriteBatch;
import dev.fencepost.WriteResult;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Fencepost by its public API.
 *
 * <p>The equal of one conditional statement elsewhere is {@link Agent#put} with {@link Precondition#ifVersion}: no read
 * before it, the version compared in the commit, and no other holder's claim on the key. {@link Agent#update} reads as
 * well, and computes the value from what it read: that is what the experiment on one hot key compares.
 */
final class FencepostPeer implements Peer {
    /** Makes workers over a store that is open. */
    @FunctionalInterface
    interface Workers {
        Worker over(FencepostPeer peer);
    }

    /** What the file of a store is called in its folder. */
    static final String FILE = "store.db";

    private final Path file;
    private final Store store;
    private final List<Key<String>> keys;
    private final Workers workers;
    private final LastSeenVersions seen;
    private final AtomicInteger agents = new AtomicInteger();

    private FencepostPeer(Path folder, Durability durability, int keys, Workers workers) {
        this.file = folder.resolve(FILE);
        this.keys = BenchmarkValues.stream(keys).map(Key::text).toList();
        this.workers = workers;
        this.seen = new LastSeenVersions(keys);
        this.store = Store.open(StoreConfig.of(file).withDurability(durability));
    }

    /** Workers that put on the version that they saw last. */
    static Peer open(Path folder, Durability durability, int keys) {
        return open(folder, durability, keys, peer -> new Putting(peer.seen, peer.agent(), peer.keys));
    }

    /** Workers of one's own over a store. */
    static Peer open(Path folder, Durability durability, int keys, Workers workers) {
        fill(folder, keys);
        return new FencepostPeer(folder, durability, keys, workers);
    }

    /** Makes a store in which each key is at version 1, and closes it. */
    static void fill(Path folder, int keys) {
        try (Store store = Store.open(folder.resolve(FILE))) {
            WriteBatch first = WriteBatch.of();
            BenchmarkValues.stream(keys).forEach(key -> first.put(Key.text(key), BenchmarkValues.of(1)));
            store.agent("setup").commit(first).orThrow();
        }
    }

    Store store() {
        return store;
    }

    /** An agent for a thread, with a name of its own. */
    Agent agent() {
        return store.agent(BenchmarkValues.WRITER + "-" + agents.incrementAndGet());
    }

    Key<String> key(int number) {
        return keys.get(number);
    }

    @Override
    public Worker worker() {
        return workers.over(this);
    }

    @Override
    public VerificationTotals tally() throws Exception {
        return PlainTables.tally(file, keys.size());
    }

    @Override
    public void close() {
        store.close();
    }

    private static final class Putting extends OptimisticWorker {
        private final Agent agent;
        private final List<Key<String>> keys;

        Putting(LastSeenVersions seen, Agent agent, List<Key<String>> keys) {
            super(seen);
            this.agent = agent;
            this.keys = keys;
        }

        @Override
        OptionalLong attempt(int key, long version) {
            WriteResult<String> result =
                    agent.tryPut(keys.get(key), BenchmarkValues.of(version + 1), Precondition.ifVersion(version));
            if (result instanceof Committed<String>) {
                return OptionalLong.empty();
            }
            return OptionalLong.of(
                    ((Conflict<String>) result).actual().orElseThrow().version());
        }
    }
}
