package dev.fencepost.proof.trace;

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
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;

/**
 * A process that has the traced file open. It executes one command per line of standard input, and answers with one
 * line on standard output. It ends with its standard input.
 */
final class TraceWorker {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final Store store;
    private final Agent agent;
    private final Steps steps;
    private final SagaDefinition<String> errand;
    private final BufferedReader orders;
    private final PrintStream answers;
    private boolean stalls;
    private Claim held;

    private TraceWorker(Path file, String name, long seed, int groups, BufferedReader orders, PrintStream answers) {
        this.orders = orders;
        this.answers = answers;
        this.errand = new TraceSaga(file.resolveSibling("outside"), this::meanwhile).definition();
        this.store = TableTrace.open(StoreConfig.of(file)
                .withDurability(Durability.PROCESS_DEATH)
                .withWriteLockTimeout(PATIENCE)
                .withHeartbeat(Duration.ofSeconds(1)));
        this.agent = store.agent(name);
        this.steps = new Steps(store, agent, new Random(seed), groups);
        this.held = agent.claim(Key.text("own/" + seed), Lease.of(PATIENCE)).orThrow();
    }

    /** Runs the process. Arguments: the file, the name of the agent, the seed, and the number of groups of keys. */
    public static void main(String[] args) throws IOException {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        try (BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            long seed = Long.parseLong(args[2]);
            TraceWorker actor = new TraceWorker(Path.of(args[0]), args[1], seed, Integer.parseInt(args[3]), in, out);
            out.println("ready");
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                out.println(actor.answer(List.of(line.split(" "))));
            }
        }
        // Open resources stay as they are; a separate command closes the store.
        Runtime.getRuntime().halt(0);
    }

    private String answer(List<String> words) {
        switch (words.get(0)) {
            case "steps" -> steps.some(Integer.parseInt(words.get(1)));
            // Only the end of the lease or of the process ends such a claim.
            case "hold" -> hold(words.get(1), Lease.withoutHeartbeats(Duration.ofMillis(200)));
            case "beat" -> hold(words.get(1), Lease.of(PATIENCE));
            case "write" -> {
                return write(words.get(1));
            }
            case "saga" -> saga(words.get(1));
            case "stalling-saga" -> {
                stalls = true;
                saga(words.get(1));
                // The saga may not have reached the stall, and the next one must not stall.
                stalls = false;
            }
            case "cancel" -> cancel(words.get(1));
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
            answers.println("stalls");
            try {
                orders.readLine();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
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
