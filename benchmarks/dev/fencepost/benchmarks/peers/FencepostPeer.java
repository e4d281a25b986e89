package dev.fencepost.benchmarks.peers;

import dev.fencepost.Agent;
import dev.fencepost.Claim;
import dev.fencepost.ClaimResult;
import dev.fencepost.Conflict;
import dev.fencepost.Durability;
import dev.fencepost.Key;
import dev.fencepost.Lease;
import dev.fencepost.Precondition;
import dev.fencepost.RetriesExhaustedException;
import dev.fencepost.RetryPolicy;
import dev.fencepost.Store;
import dev.fencepost.StoreConfig;
import dev.fencepost.WriteBatch;
import dev.fencepost.WriteResult;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.IntConsumer;

/**
 * Fencepost through its public API.
 *
 * <p>The equivalent of a conditional statement in other peers is {@link Agent#put} with {@link Precondition#ifVersion}.
 * It needs no read, compares the version in the commit, and requires that no other agent claims the key. {@link
 * Agent#update} also reads, and computes the value from the read; the experiment with one hot key compares that.
 */
final class FencepostPeer extends StorePeer {
    /**
     * The library's default policy, but with a longer deadline: a thread may lose many races, and giving up is counted.
     */
    private static final RetryPolicy RETRY = RetryPolicy.standard().maxDuration(Duration.ofMinutes(1));

    private static final Lease LEASE = Lease.of(Duration.ofSeconds(30));
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(1);

    private final Store store;
    private final Function<FencepostPeer, Worker> workers;
    private final AtomicInteger agents = new AtomicInteger();

    /** Opens a store, with a function that creates a worker. */
    FencepostPeer(Path folder, Durability durability, int keys, Function<FencepostPeer, Worker> workers) {
        super(folder, keys);
        this.workers = workers;
        this.store = Store.open(StoreConfig.of(file).withDurability(durability));
    }

    /** Creates a worker that writes if the version is the last that it saw. */
    Worker putting() {
        Agent agent = agent();
        return new OptimisticWorker() {
            @Override
            OptionalLong attempt(int key, long version) {
                WriteResult<String> result =
                        agent.tryPut(key(key), BenchmarkValues.of(version + 1), Precondition.ifVersion(version));
                return result instanceof Conflict<String> conflict
                        ? OptionalLong.of(conflict.actual().orElseThrow().version())
                        : OptionalLong.empty();
            }
        };
    }

    /** Creates an optimistic worker: it writes if the version is unchanged, else reads again. */
    Worker updating() {
        Agent agent = agent();
        return unlessExhausted(key -> agent.update(key(key), BenchmarkValues.of(0), BenchmarkValues::next, RETRY));
    }

    /** Creates an optimistic worker that runs serializable transactions. */
    Worker transacting() {
        Agent agent = agent();
        return unlessExhausted(number -> {
            Key<String> key = key(number);
            agent.transact(
                    tx -> {
                        tx.put(
                                key,
                                BenchmarkValues.next(tx.get(key).orElseThrow().value()));
                        return null;
                    },
                    RETRY);
        });
    }

    /** Creates a pessimistic worker: it waits for the claim, reads, and writes and releases in one commit. */
    Worker claiming() {
        Agent agent = agent();
        return number -> {
            Key<String> key = key(number);
            ClaimResult asked = agent.claim(key, LEASE, LONGEST_WAIT);
            if (asked instanceof ClaimResult.Busy) {
                return false;
            }
            try (Claim claim = asked.orThrow()) {
                String next = BenchmarkValues.next(store.get(key).orElseThrow().value());
                claim.commitAndRelease(WriteBatch.of().put(key, next));
            }
            return true;
        };
    }

    private static Worker unlessExhausted(IntConsumer write) {
        return key -> {
            try {
                write.accept(key);
                return true;
            } catch (RetriesExhaustedException e) {
                return false;
            }
        };
    }

    /** Returns an agent for a thread, with a unique name. */
    private Agent agent() {
        return store.agent(BenchmarkValues.WRITER + "-" + agents.incrementAndGet());
    }

    @Override
    Worker worker() {
        return workers.apply(this);
    }

    @Override
    public void close() {
        store.close();
    }
}
