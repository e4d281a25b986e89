package dev.fencepost.benchmarks.jmh;

import dev.fencepost.Agent;
import dev.fencepost.Claim;
import dev.fencepost.Durability;
import dev.fencepost.Key;
import dev.fencepost.Lease;
import dev.fencepost.Store;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Threads that only wait for each other's claim on one key. Each operation waits for the claim and releases it, so the
 * total rate is that of hand-overs.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Threads(2)
@Fork(value = 1, jvmArgsAppend = "-Dslf4j.internal.verbosity=ERROR")
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class HandOver {
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final Lease LEASE = Lease.of(Duration.ofSeconds(30));
    private static final Key<String> KEY = Key.text("one");

    /** The failure that an acknowledged grant or release survives. */
    @Param({"POWER_LOSS", "PROCESS_DEATH"})
    public Durability durability;

    private Fixture fixture;
    private Store store;

    /** Opens an empty store. */
    @Setup(Level.Trial)
    public void open() throws IOException {
        fixture = Fixture.make();
        store = fixture.open(config -> config.withDurability(durability));
    }

    /** Closes the store and removes its file. */
    @TearDown(Level.Trial)
    public void close() throws IOException {
        store.close();
        fixture.close();
    }

    /** A separate holder for each thread. */
    @State(Scope.Thread)
    public static class Worker {
        private static final AtomicInteger COUNT = new AtomicInteger();
        private Agent agent;

        /** Names the agent. */
        @Setup(Level.Trial)
        public void name(HandOver benchmark) {
            agent = benchmark.store.agent("worker-" + COUNT.incrementAndGet());
        }
    }

    /** Waits until another thread releases the claim, and releases it. */
    @Benchmark
    public long claim(Worker worker) {
        try (Claim claim = worker.agent.claim(KEY, LEASE, LONG).orThrow()) {
            return claim.epoch(KEY);
        }
    }
}
