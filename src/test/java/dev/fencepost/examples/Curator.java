package dev.fencepost.examples;

import dev.fencepost.Agent;
import dev.fencepost.ChangeSource;
import dev.fencepost.Cursor;
import dev.fencepost.Event;
import dev.fencepost.EventStream;
import dev.fencepost.Key;
import dev.fencepost.NewEvent;
import dev.fencepost.Subscription;
import dev.fencepost.Transaction;
import dev.fencepost.Versioned;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Memory that several workers share and only one writes. Workers append what they believe to be worth remembering, and never
 * write memory themselves; the curator looks at each proposal once, in order, and remembers it in the scope where it
 * belongs, or discards it with a reason.
 *
 * <p>The curator is a projection: what it decides and that it has decided are one commit under the claim on its cursor. So it
 * can be killed at any moment, and as many can run as one likes, of which one is at work: nothing is lost, and nothing is
 * decided twice.
 */
final class Curator {
    /** What workers propose. */
    static final EventStream<Proposal> PROPOSED = EventStream.json("memory/proposed", Proposal.class);

    /** What was not remembered, and why; the name of each event is that of the proposal. */
    static final EventStream<Discarded> DISCARDED = EventStream.json("memory/discarded", Discarded.class);

    private static final Cursor<Event<Proposal>> CURSOR = Cursor.of("memory/curator", ChangeSource.stream(PROPOSED));

    private static final Set<String> KINDS = Set.of("fact", "decision", "preference");
    private static final int LONGEST = 200;

    /** Who is to know of it. */
    enum Scope {
        TEAM,
        PROJECT,
        RUN
    }

    /**
     * Something that a worker believes to be worth remembering.
     *
     * @param kind {@code fact}, {@code decision} or {@code preference}
     * @param scope where the worker thinks that it belongs: {@code team}, {@code project} or {@code run}
     * @param subject what it is about
     * @param statement what is to be remembered of it
     * @param evidence where the worker has it from
     */
    record Proposal(String kind, String scope, String subject, String statement, String evidence) {}

    /**
     * What is remembered of a subject.
     *
     * @param evidence all that speaks for it, in the order of the alphabet
     * @param proposals how many proposals said so
     */
    record Memory(String kind, String statement, List<String> evidence, int proposals) {}

    /** Why a proposal is not remembered. */
    record Discarded(String reason) {}

    private Curator() {}

    /**
     * Proposes something, for a worker.
     *
     * @param id the worker's own name for it: whoever does not know whether it was proposed proposes it again
     */
    static void propose(Agent worker, String id, Proposal proposal) {
        worker.append(PROPOSED, new NewEvent<>(id, proposal));
    }

    /** Curates until it is closed. */
    static Subscription begin(Agent curator) {
        return curator.feed().project(CURSOR, Curator::decide);
    }

    /** Where a subject is remembered. */
    static Key<Memory> key(Scope scope, String subject) {
        return Key.json("memory/" + scope.name().toLowerCase(Locale.ROOT) + "/" + subject, Memory.class);
    }

    /** Decides on one proposal; by what the memory says, and by nothing else. */
    static void decide(Transaction tx, Event<Proposal> event) {
        Proposal proposal = event.body();
        Optional<String> wrong = wrong(proposal);
        if (wrong.isPresent()) {
            discard(tx, event, wrong.get());
            return;
        }
        Key<Memory> key = key(route(proposal), proposal.subject());
        Optional<Memory> known = tx.get(key).map(Versioned::value);
        if (known.isEmpty()) {
            tx.put(key, new Memory(proposal.kind(), proposal.statement(), List.of(proposal.evidence()), 1));
        } else if (same(known.get().statement(), proposal.statement())) {
            tx.put(key, supported(known.get(), proposal));
        } else if (proposal.kind().equals("decision") && !known.get().kind().equals("decision")) {
            // A decision stands above what was found or liked before.
            tx.put(key, new Memory("decision", proposal.statement(), List.of(proposal.evidence()), 1));
        } else {
            discard(tx, event, "contradicts what is remembered: " + known.get().statement());
        }
    }

    private static Optional<String> wrong(Proposal proposal) {
        if (!KINDS.contains(proposal.kind())) {
            return Optional.of("'" + proposal.kind() + "' is no kind of memory");
        } else if (proposal.evidence().isBlank()) {
            return Optional.of("nothing speaks for it");
        } else if (proposal.statement().isBlank() || proposal.statement().length() > LONGEST) {
            return Optional.of("a statement has 1 to " + LONGEST + " characters");
        }
        for (Scope scope : Scope.values()) {
            if (scope.name().toLowerCase(Locale.ROOT).equals(proposal.scope())) {
                return Optional.empty();
            }
        }
        return Optional.of("'" + proposal.scope() + "' is no scope");
    }

    /** What a worker proposes for the team is for the project, unless it is a decision. */
    private static Scope route(Proposal proposal) {
        Scope proposed = Scope.valueOf(proposal.scope().toUpperCase(Locale.ROOT));
        return proposed == Scope.TEAM && !proposal.kind().equals("decision") ? Scope.PROJECT : proposed;
    }

    private static boolean same(String one, String other) {
        return one.strip().equalsIgnoreCase(other.strip());
    }

    private static Memory supported(Memory known, Proposal proposal) {
        Set<String> evidence = new TreeSet<>(known.evidence());
        evidence.add(proposal.evidence());
        return new Memory(known.kind(), known.statement(), List.copyOf(evidence), known.proposals() + 1);
    }

    private static void discard(Transaction tx, Event<Proposal> event, String reason) {
        tx.append(DISCARDED, new NewEvent<>(event.id(), new Discarded(reason)));
    }
}
