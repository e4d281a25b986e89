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
 * Fencepost through its public API.
 *
 * <p>The equivalent of a conditional statement in other peers is {@link Agent#put} with {@link Precondition#ifVersion}.
 * It needs no read, compares the version in the commit, and requires that no other agent claims the key. {@link
 * Agent#update} also reads, and computes the value from the read; the experiment with one hot key compares that.
 */
final class FencepostPeer implements Peer {
    /** Creates workers for an open store. */
    @FunctionalInterface
    interface Workers {
        Worker over(FencepostPeer peer);
    }

    /** The name of the store's file in its folder. */
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

    /** Opens a peer whose workers write if the version is the last that they saw. */
    static Peer open(Path folder, Durability durability, int keys) {
        return open(folder, durability, keys, peer -> new Putting(peer.seen, peer.agent(), peer.keys));
    }

    /** Opens a peer with these workers. */
    static Peer open(Path folder, Durability durability, int keys, Workers workers) {
        fill(folder, keys);
        return new FencepostPeer(folder, durability, keys, workers);
    }

    /** Creates a store in which each key has version 1, and closes it. */
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

    /** Returns an agent for a thread, with a unique name. */
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
