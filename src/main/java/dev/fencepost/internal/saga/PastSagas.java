package dev.fencepost.internal.saga;

import dev.fencepost.HeldClaim;
import dev.fencepost.SagaEntry;
import dev.fencepost.SagaEntry.Kind;
import dev.fencepost.SagaState;
import dev.fencepost.SagaView;
import dev.fencepost.internal.sql.SagaRow;
import dev.fencepost.internal.sql.SagaTables;
import dev.fencepost.internal.sql.Session;
import dev.fencepost.internal.sql.TimeTables;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Sagas as they stood at a place in the order of the store: what their journals came to, as far as they went then. */
public final class PastSagas {
    private PastSagas() {}

    /** All that had begun, and were not forgotten since. */
    public static List<SagaView> all(Session session, long sequence) {
        List<HeldClaim> held = new TimeTables(session).heldAt(sequence);
        return new SagaTables(session)
                .runs(true).stream()
                        .flatMap(saga -> view(session, saga, sequence, held).stream())
                        .toList();
    }

    /** One of them. */
    public static Optional<SagaView> one(Session session, String id, long sequence) {
        return new SagaTables(session)
                .run(id)
                .flatMap(saga -> view(session, saga, sequence, new TimeTables(session).heldAt(sequence)));
    }

    private static Optional<SagaView> view(Session session, SagaRow saga, long sequence, List<HeldClaim> held) {
        List<SagaEntry> journal = new SagaTables(session)
                .entries(saga.id()).stream()
                        .filter(entry -> entry.sequence() <= sequence)
                        .toList();
        if (journal.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new SagaView(
                saga.saga(),
                saga.definition(),
                saga.version(),
                state(journal),
                saga.input(),
                journal.stream().flatMap(entry -> entry.step().stream()).reduce((a, b) -> b),
                Progress.of(journal).reason(),
                held.stream().filter(claim -> claim.key().equals(saga.key())).findFirst(),
                Instant.ofEpochMilli(saga.begunAt()),
                journal.get(journal.size() - 1).at(),
                journal));
    }

    private static SagaState state(List<SagaEntry> journal) {
        Kind last = journal.stream()
                .map(SagaEntry::kind)
                .filter(kind -> kind != Kind.CANCEL_REQUESTED)
                .reduce(Kind.BEGUN, (a, b) -> b);
        return switch (last) {
            case STUCK -> SagaState.STUCK;
            case COMPLETED -> SagaState.COMPLETED;
            case COMPENSATED -> SagaState.COMPENSATED;
            case RESOLVED -> SagaState.RESOLVED;
            default ->
                journal.stream().anyMatch(entry -> entry.kind() == Kind.COMPENSATING)
                        ? SagaState.COMPENSATING
                        : SagaState.RUNNING;
        };
    }
}
