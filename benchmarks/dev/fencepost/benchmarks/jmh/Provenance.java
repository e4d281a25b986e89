package dev.fencepost.benchmarks.jmh;

import dev.fencepost.Agent;
import dev.fencepost.Durability;
import dev.fencepost.Key;
import dev.fencepost.Store;
import dev.fencepost.Versioned;
import dev.fencepost.event.Event;
import dev.fencepost.event.EventStream;
import dev.fencepost.event.NewEvent;
import java.io.IOException;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/** The cost of recording provenance with each commit, and the cost of an event. One thread, a thousand keys. */
@Threads(1)
@Warmup(iterations = 2, time = 2)
@Measurement(iterations = 5, time = 2)
public class Provenance extends StoreBenchmark {
    private static final EventStream<String> STREAM = EventStream.text("stream");

    /** True if commits record their dependencies. */
    @Param({"false", "true"})
    public boolean kept;

    /** The failure that an acknowledged commit survives. */
    @Param({"POWER_LOSS", "PROCESS_DEATH"})
    public Durability durability;

    private Store store;
    private Agent agent;
    private List<Key<String>> names;

    /** Opens a fresh store and fills it. */
    @Setup
    public void open() throws IOException {
        names = keys("keys/", 1_000);
        store = filled(
                "values",
                names,
                "0",
                config -> config.withDurability(durability).withProvenance(kept).withCacheBytes(1 << 20));
        agent = store.agent("benchmark");
    }

    /** Depends on the version that it changes. */
    @Benchmark
    public Versioned<String> update() {
        return agent.update(any(names), text -> text.equals("0") ? "1" : "0");
    }

    /** Depends on two keys, and writes one. */
    @Benchmark
    public String transact() {
        Key<String> one = any(names);
        Key<String> other = any(names);
        return agent.transact(tx -> {
            String text = tx.get(one).orElseThrow().value()
                    + tx.get(other).orElseThrow().value();
            tx.put(one, text.substring(0, 1));
            return text;
        });
    }

    /** Depends on nothing. */
    @Benchmark
    public Event<String> append() {
        return agent.append(STREAM, NewEvent.of("something"));
    }
}
