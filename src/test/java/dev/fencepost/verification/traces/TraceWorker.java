package dev.fencepost.verification.traces;

import dev.fencepost.Agent;
import dev.fencepost.Claim;
import dev.fencepost.Durability;
import dev.fencepost.FencedException;
import dev.fencepost.Key;
import dev.fencepost.Lease;
import dev.fencepost.Store;
import dev.fencepost.StoreConfig;
import dev.fencepost.internal.commit.TableTrace;
import dev.fencepost.saga.SagaDefinition;
import dev.fencepost.saga.SagaStateException;
import dev.fencepost.testing.Worker;
import dev.fencepost.testing.WorkerConsole;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;

/** The code of a process that has the traced file open. A command closes the store; the end of the process does not. */
final class TraceWorker implements Worker {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final Store store;
    private final Agent agent;
    private final Steps steps;
    private final SagaDefinition<String> errand;
    private final WorkerConsole console;
    private boolean stalls;
    private Claim held;

    /** Creates a worker. Arguments: the file, the name of the agent, the seed, and the number of groups of keys. */
    TraceWorker(WorkerConsole console) {
        this.console = console;
        Path file = Path.of(console.argument(0));
        long seed = Long.parseLong(console.argument(2));
        this.errand = new TraceSaga(file.resolveSibling("outside"), this::meanwhile).definition();
        this.store = TableTrace.open(StoreConfig.of(file)
                .withDurability(Durability.PROCESS_DEATH)
                .withWriteLockTimeout(PATIENCE)
                .withHeartbeat(Duration.ofSeconds(1)));
        this.agent = store.agent(console.argument(1));
        this.steps = new Steps(store, agent, new Random(seed), Integer.parseInt(console.argument(3)));
        this.held = agent.claim(Key.text("own/" + seed), Lease.of(PATIENCE)).orThrow();
    }

    @Override
    public String answer(String... words) {
        switch (words[0]) {
            case "steps" -> steps.some(Integer.parseInt(words[1]));
            // Only the end of the lease or of the process ends such a claim.
            case "hold" -> hold(words[1], Lease.withoutHeartbeats(Duration.ofMillis(200)));
            case "beat" -> hold(words[1], Lease.of(PATIENCE));
            case "write" -> {
                return write(words[1]);
            }
            case "saga" -> saga(words[1]);
            case "stalling-saga" -> {
                stalls = true;
                saga(words[1]);
                // The saga may not have reached the stall, and the next one must not stall.
                stalls = false;
            }
            case "cancel" -> cancel(words[1]);
            case "close" -> store.close();
            default -> throw new IllegalArgumentException(String.join(" ", words));
        }
        return "done";
    }

    private void hold(String key, Lease lease) {
        held = agent.claim(Key.text(key), lease, PATIENCE).orThrow();
        steps.remember(held);
        held.put(Key.text(key), "held");
    }

    private void saga(String id) {
        try {
            agent.sagas().run(errand, id, "");
        } catch (FencedException e) {
            // Another coordinator has taken the saga over.
        }
    }

    private void cancel(String id) {
        try {
            agent.sagas().cancel(id, "not wanted");
        } catch (SagaStateException e) {
            // It has ended, or has not started.
        }
    }

    /**
     * Stalls between an intent and its call if requested: reports the stall, and continues at the next line of input.
     */
    private void meanwhile() {
        if (stalls) {
            stalls = false;
            console.report("stalls");
            console.await();
        }
    }

    private String write(String key) {
        try {
            held.put(Key.text(key), "after all");
            return "written";
        } catch (FencedException e) {
            return "fenced";
        }
    }
}
