package dev.fencepost.examples;

import dev.fencepost.Agent;
import dev.fencepost.Prefix;
import dev.fencepost.Store;
import dev.fencepost.Versioned;
import dev.fencepost.event.Event;
import dev.fencepost.event.Subscription;
import dev.fencepost.examples.Curator.Memory;
import dev.fencepost.examples.Curator.Proposal;
import dev.fencepost.examples.Curator.Scope;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** Random proposals for the {@link Curator}, and the decisions that it must make. */
public final class Curation {
    /** The stream of proposals. */
    public static final String PROPOSED = Curator.PROPOSED.name();

    private static final List<String> KINDS = List.of("fact", "fact", "decision", "preference", "rumour");
    private static final List<String> SCOPES = List.of("team", "project", "run", "world");

    private Curation() {}

    /** Proposes a random statement; sometimes twice, like a worker that does not know the outcome of its first call. */
    public static void propose(Agent worker, String id, Random random) {
        Proposal proposal = new Proposal(
                KINDS.get(random.nextInt(KINDS.size())),
                SCOPES.get(random.nextInt(SCOPES.size())),
                "subject-" + random.nextInt(10),
                "statement " + random.nextInt(3),
                random.nextInt(10) == 0 ? "" : "file-" + random.nextInt(5));
        Curator.propose(worker, id, proposal);
        if (random.nextInt(5) == 0) {
            Curator.propose(worker, id, proposal);
        }
    }

    /** Curates until the subscription is closed. */
    public static Subscription begin(Agent curator) {
        return Curator.begin(curator);
    }

    /** Remembered statements and discarded proposals. */
    public record Decided(Map<String, ?> remembered, List<String> discarded) {}

    /** Decides on each proposal once and in order, up to this sequence. Returns the expected result of the curator. */
    public static Decided byHand(Store store, long through) {
        Map<String, Memory> remembered = new TreeMap<>();
        List<String> discarded = new ArrayList<>();
        for (Event<Proposal> event : store.events(Curator.PROPOSED)) {
            if (event.sequence() <= through) {
                Curator.decide(new ByHand(remembered, discarded), event);
            }
        }
        return new Decided(remembered, discarded);
    }

    /** Returns the result of the curator. */
    public static Decided found(Store store) {
        Map<String, Memory> found = new TreeMap<>();
        for (Scope scope : Scope.values()) {
            String prefix = Curator.key(scope, "").name();
            for (Versioned<Memory> memory : store.list(Prefix.json(prefix, Memory.class))) {
                found.put(memory.key().name(), memory.value());
            }
        }
        List<String> discarded = store.events(Curator.DISCARDED).stream()
                .map(event -> event.id() + ": " + event.body().reason())
                .toList();
        return new Decided(found, discarded);
    }
}
