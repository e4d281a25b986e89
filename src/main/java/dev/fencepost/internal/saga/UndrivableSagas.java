package dev.fencepost.internal.saga;

import dev.fencepost.Claim;
import dev.fencepost.ClaimResult;
import dev.fencepost.Key;
import dev.fencepost.Lease;
import dev.fencepost.internal.sql.SagaRow;
import dev.fencepost.internal.sql.SagaTables;
import dev.fencepost.internal.sql.SagaTables.Said;
import dev.fencepost.saga.JournalEntry;
import dev.fencepost.saga.SagaOutcome;
import dev.fencepost.saga.SagaState;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends sagas that their definition cannot drive, or makes them stuck. The definition is unknown, or its functions fail.
 * Safe for use by many threads.
 */
final class UndrivableSagas {
    /** The time for which an overdue orphan waits for a process that knows its definition. */
    static final Duration GRACE = Duration.ofHours(1);

    private static final Logger LOG = LoggerFactory.getLogger(UndrivableSagas.class);
    private static final Lease LEASE = Lease.of(Duration.ofSeconds(30));

    private final String agent;
    private final SagaParts parts;

    UndrivableSagas(String agent, SagaParts parts) {
        this.agent = agent;
        this.parts = parts;
    }

    /**
     * Makes a saga stuck. Ends it instead if it is to end and has begun no step.
     *
     * @return the outcome; empty if another process coordinates the saga
     */
    Optional<SagaOutcome> stop(SagaRow saga, String what, @Nullable Throwable cause) {
        if (canEndUnbegun(saga)) {
            return endUnbegun(saga);
        }
        String reason = cause == null ? what : what + ": " + FailureMessages.message(cause);
        LOG.warn("Saga '{}' cannot run and is stuck: {}", saga.saga(), reason, cause);
        return underOwnClaim(saga, journal -> {
            journal.end(JournalEntry.Type.STUCK, null, reason, false);
            return true;
        });
    }

    /** Returns whether a saga is to end, has begun no step, and has no live coordinator. */
    boolean canEndUnbegun(SagaRow saga) {
        return parts.reads().read(session -> {
            SagaTables tables = new SagaTables(session);
            return tables.run(saga.id())
                    .filter(present -> present.state() == SagaState.RUNNING)
                    .filter(present -> present.claim()
                            .map(claim -> parts.claims().isFree(session, claim))
                            .orElse(true))
                    .flatMap(present -> reasonToEnd(present, SagaProgress.of(tables, present.id())))
                    .isPresent();
        });
    }

    private Optional<String> reasonToEnd(SagaRow saga, SagaProgress progress) {
        if (!progress.begun().isEmpty()) {
            return Optional.empty();
        }
        return SagaPlanner.reasonToEnd(progress, saga.deadline(), parts.now());
    }

    /**
     * Ends a saga that is to end and has begun no step. That needs neither its definition nor the keys that it claims.
     */
    Optional<SagaOutcome> endUnbegun(SagaRow saga) {
        return underOwnClaim(saga, journal -> {
            Optional<String> why = reasonToEnd(saga, journal.progress());
            why.ifPresent(reason -> journal.appendBoth(
                    new Said(JournalEntry.Type.COMPENSATING, null, 0, reason),
                    new Said(JournalEntry.Type.COMPENSATED, null, 0, null),
                    false));
            return why.isPresent();
        });
    }

    /**
     * Makes an orphan stuck that should have ended an hour ago, and whose definition no process knows. Ends an orphan
     * at once if it is to end and has begun no step.
     */
    void stopIfOverdue(SagaTables.GoingOn orphan) {
        Optional<SagaRow> found = parts.reads().read(session -> new SagaTables(session).run(orphan.id()));
        if (found.isEmpty()) {
            return;
        }
        SagaRow saga = found.get();
        if (canEndUnbegun(saga)) {
            endUnbegun(saga);
            return;
        }
        long overdue = parts.now() - GRACE.toMillis();
        boolean late = saga.deadline().filter(at -> at <= overdue).isPresent();
        boolean cancelled = parts.reads().read(session -> new SagaTables(session).isCancelledBy(saga.id(), overdue));
        if (late || cancelled) {
            stop(
                    saga,
                    (late ? "its deadline has passed" : "it was cancelled") + " over an hour ago, but no process runs"
                            + " the definition '" + saga.definition() + "' version " + saga.version()
                            + ". Run a process with this definition and retry, or resolve the saga",
                    null);
        }
    }

    /**
     * Claims a saga without waiting, and ends it or makes it stuck. Empty if another holder has it, or it no longer has
     * to end.
     */
    private Optional<SagaOutcome> underOwnClaim(SagaRow saga, Predicate<SagaJournal> entry) {
        ClaimResult asked = parts.claims().claim(agent, List.of(Key.text(saga.key())), lease(), Duration.ZERO);
        if (!(asked instanceof ClaimResult.Granted granted)) {
            return Optional.empty();
        }
        try (Claim claim = granted.claim()) {
            Optional<SagaRow> present = parts.find(saga.saga()).filter(SagaCoordinator::isOpen);
            if (present.isEmpty() || !entry.test(parts.journal(present.get(), claim))) {
                return Optional.empty();
            }
        }
        return Optional.of(parts.outcome(saga.saga()));
    }

    private Lease lease() {
        return Lease.of(parts.claims().bearable(LEASE.length()));
    }
}
