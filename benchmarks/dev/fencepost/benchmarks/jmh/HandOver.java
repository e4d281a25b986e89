package dev.fencepost.benchmarks.jmh;

import dev.fencepost.Claim;
import dev.fencepost.Durability;
import dev.fencepost.Key;
import dev.fencepost.Lease;
import dev.fencepost.Store;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.Threads;

/**
 * Threads that only wait for each other's claim on one key. Each operation waits for the claim and releases it, so the
 * total rate is that of hand-overs.
 */
@Threads(2)
public class HandOver extends StoreBenchmark {
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final Lease LEASE = Lease.of(Duration.ofSeconds(30));
    private static final Key<String> KEY = Key.text("one");

    /** The failure that an acknowledged grant or release survives. */
    @Param({"POWER_LOSS", "PROCESS_DEATH"})
    public Durability durability;

    private Store store;

    /** Opens an empty store. */
    @Setup
    public void open() throws IOException {
        store = filled("claims", List.of(), "", config -> config.withDurability(durability));
    }

    /** Waits until another thread releases the claim, and releases it. */
    @Benchmark
    public long claim(Worker worker) {
        try (Claim claim = worker.of(store).claim(KEY, LEASE, LONG).orThrow()) {
            return claim.epoch(KEY);
        }
    }
}
