package dev.fencepost.benchmarks.jmh;

import dev.fencepost.Claim;
import dev.fencepost.Committed;
import dev.fencepost.Durability;
import dev.fencepost.Key;
import dev.fencepost.Lease;
import dev.fencepost.RetryPolicy;
import dev.fencepost.Store;
import dev.fencepost.Versioned;
import dev.fencepost.WriteBatch;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One commit in each way that the library offers, by threads of one process. All but the blind one increment a counter.
 * One hot key is the worst case; a thousand keys is typical for agents. The computation between read and write is
 * trivial. A long one would be repeated after each conflict in the optimistic ways, but not in the pessimistic one.
 */
@Threads(8)
@Warmup(iterations = 2, time = 2)
@Measurement(iterations = 5, time = 3)
public class Commits extends StoreBenchmark {
    private static final RetryPolicy PATIENT =
            RetryPolicy.standard().maxAttempts(1_000_000).maxDuration(Duration.ofMinutes(1));
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final Lease LEASE = Lease.of(Duration.ofSeconds(30));
    private static final String ZERO = "0";

    /** The number of keys from which the threads choose at random. */
    @Param({"1", "1000"})
    public int keys;

    /** The failure that an acknowledged commit survives. */
    @Param({"POWER_LOSS", "PROCESS_DEATH"})
    public Durability durability;

    private Store store;
    private List<Key<String>> names;

    /** Opens a fresh store and fills it. */
    @Setup
    public void open() throws IOException {
        names = keys("counters/", keys);
        store = filled("counters", names, ZERO, config -> config.withDurability(durability));
    }

    /** Writes without a precondition. */
    @Benchmark
    public Committed<String> blindPut(Worker worker) {
        return worker.of(store).put(any(names), ZERO).orThrow();
    }

    /** Reads, computes, and writes if the version is unchanged, else repeats (optimistic). */
    @Benchmark
    public Versioned<String> optimisticUpdate(Worker worker) {
        return worker.of(store).update(any(names), ZERO, Commits::increment, PATIENT);
    }

    /** Runs a serializable transaction, which works for any number of keys (optimistic). */
    @Benchmark
    public String optimisticTransact(Worker worker) {
        Key<String> key = any(names);
        return worker.of(store)
                .transact(
                        tx -> {
                            String next = increment(tx.get(key).orElseThrow().value());
                            tx.put(key, next);
                            return next;
                        },
                        PATIENT);
    }

    /** Waits for the claim, reads, computes, and writes and releases in one commit (pessimistic). */
    @Benchmark
    public long pessimisticClaim(Worker worker) {
        Key<String> key = any(names);
        try (Claim claim = worker.of(store).claim(key, LEASE, LONG).orThrow()) {
            String next = increment(store.get(key).orElseThrow().value());
            return claim.commitAndRelease(WriteBatch.of().put(key, next))
                    .writes()
                    .get(0)
                    .version();
        }
    }

    private static String increment(String number) {
        return Long.toString(Long.parseLong(number) + 1);
    }
}
