package dev.fencepost.examples;

import dev.fencepost.Agent;
import dev.fencepost.Key;
import dev.fencepost.Transaction;
import dev.fencepost.Versioned;
import dev.fencepost.event.ChangeSource;
import dev.fencepost.event.Cursor;
import dev.fencepost.event.Event;
import dev.fencepost.event.EventStream;
import dev.fencepost.event.NewEvent;
import dev.fencepost.event.Subscription;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * A shared memory with many proposing workers and a single writer. Workers append proposals and never write memory
 * themselves. The curator reads each proposal once, in order. It remembers the proposal in its scope, or discards it
 * with a reason.
 *
 * <p>The curator is a projection: a decision and the cursor's progress are one commit, fenced by the claim on the
 * cursor. So the curator can be killed at any moment, and more curators can run as standbys. No proposal is lost or
 * decided twice.
 */
final class Curator {
    /** The proposals of the workers. */
    static final EventStream<Proposal> PROPOSED = EventStream.json("memory/proposed", Proposal.class);

    /** The discarded proposals with reasons; an event has the ID of its proposal. */
    static final EventStream<Discarded> DISCARDED = EventStream.json("memory/discarded", Discarded.class);

    private static final Cursor<Event<Proposal>> CURSOR = Cursor.of("memory/curator", ChangeSource.stream(PROPOSED));

    private static final Set<String> KINDS = Set.of("fact", "decision", "preference");
    private static final int LONGEST = 200;

    /** The readers of a memory. */
    enum Scope {
        TEAM,
        PROJECT,
        RUN
    }

    /**
     * A statement that a worker proposes to remember.
     *
     * @param kind {@code fact}, {@code decision} or {@code preference}
     * @param scope the scope that the worker suggests: {@code team}, {@code project} or {@code run}
     * @param subject the subject of the statement
     * @param statement the text to remember
     * @param evidence the worker's source
     */
    record Proposal(String kind, String scope, String subject, String statement, String evidence) {}

    /**
     * The memory about one subject.
     *
     * @param evidence all sources, sorted alphabetically
     * @param proposals the number of proposals with this statement
     */
    record Memory(String kind, String statement, List<String> evidence, int proposals) {}

    /** The reason why a proposal is not remembered. */
    record Discarded(String reason) {}

    private Curator() {}

    /**
     * Proposes a statement for a worker.
     *
     * @param id the worker's ID of the proposal: a worker that does not know the outcome proposes it again under this
     *     ID
     */
    static void propose(Agent worker, String id, Proposal proposal) {
        worker.append(PROPOSED, new NewEvent<>(id, proposal));
    }

    /** Curates until the subscription is closed. */
    static Subscription begin(Agent curator) {
        return curator.feed().project(CURSOR, Curator::decide);
    }

    /** Returns the key of the memory about a subject. */
    static Key<Memory> key(Scope scope, String subject) {
        return Key.json("memory/" + scope.name().toLowerCase(Locale.ROOT) + "/" + subject, Memory.class);
    }

    /** Decides on one proposal, from the stored memory alone. */
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
            // A decision replaces a fact or a preference.
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

    /** Returns the scope of a proposal. Proposals for the team belong to the project, except decisions. */
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
