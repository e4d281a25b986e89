package dev.fencepost.internal.saga;

import dev.fencepost.Claim;
import dev.fencepost.ClaimResult;
import dev.fencepost.InvalidInputException;
import dev.fencepost.Key;
import dev.fencepost.Lease;
import dev.fencepost.internal.sql.SagaRow;
import dev.fencepost.internal.sql.SagaTables.Said;
import dev.fencepost.saga.JournalEntry;
import dev.fencepost.saga.SagaState;
import dev.fencepost.saga.SagaStateException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** The decisions of operators about sagas. Each is an entry in the journal. Safe for use by many threads. */
final class SagaOperations {
    private static final Duration MAX_CLAIM_WAIT = Duration.ofSeconds(5);
    private static final int MAX_FORGOTTEN_PER_COMMIT = 100;

    /** The longest time since the end of a saga, a hundred years; the same as the longest age of retention. */
    private static final Duration MAX_AGE = Duration.ofDays(36_500);

    private final String agent;
    private final SagaParts parts;

    SagaOperations(String agent, SagaParts parts) {
        this.agent = agent;
        this.parts = parts;
    }

    void cancel(String id, String note) {
        parts.texts().check("The note", note);
        // Written without a claim, because any agent may cancel a saga that a coordinator runs.
        Optional<SagaRow> found = parts.queue().submit(scope -> {
            Optional<SagaRow> saga = scope.sagas().run(id);
            saga.filter(open -> !open.state().ended())
                    .ifPresent(open -> scope.enter(
                            open.id(),
                            null,
                            scope.sequence(agent),
                            new Said(JournalEntry.Type.CANCEL_REQUESTED, null, 0, note)));
            return saga;
        });
        SagaState state = found.orElseThrow(() -> SagaParts.none(id)).state();
        if (state.ended()) {
            throw new SagaStateException(
                    "The saga '" + id + "' is " + state.word() + " and can no longer be cancelled");
        }
    }

    void retry(String id, String note) {
        decide(
                id,
                note,
                progress ->
                        new Said(JournalEntry.Type.RETRIED, progress.stuckAt().orElse(null), 0, note));
    }

    void skip(String id, String output) {
        decide(id, output, progress -> new Said(JournalEntry.Type.SKIPPED, step(id, progress), 0, output));
    }

    void confirm(String id, String output) {
        decide(id, output, progress -> {
            String step = step(id, progress);
            if (progress.compensating() || !progress.step(step).inDoubt()) {
                throw new SagaStateException(
                        "The outcome of the step '" + step + "' of the saga '" + id + "' is known; retry or skip it");
            }
            return new Said(JournalEntry.Type.DONE, step, progress.step(step).attempt(), output);
        });
    }

    /**
     * Ends a saga that is stuck, or that no live process coordinates. Withdraws its tasks that no worker has claimed.
     */
    void resolve(String id, String note) {
        parts.texts().check("The note", note);
        SagaRow saga = parts.saga(id);
        demandOpen(saga);
        // Only other operators claim a stuck saga, and only for a short time.
        Duration patience = saga.state() == SagaState.STUCK ? MAX_CLAIM_WAIT : Duration.ZERO;
        ClaimResult asked = parts.claims().claim(agent, List.of(Key.text(saga.key())), lease(), patience);
        if (asked instanceof ClaimResult.Busy busy && saga.state() != SagaState.STUCK) {
            throw new SagaStateException(
                    "The saga '" + id + "' is " + saga.state().word() + ", and a live process coordinates it ("
                            + busy.message() + "). Cancel it, or wait until it is stuck");
        }
        try (Claim claim = asked.orThrow()) {
            SagaRow present = parts.saga(id);
            demandOpen(present);
            parts.journal(present, claim)
                    .append(
                            new Said(JournalEntry.Type.RESOLVED, null, 0, note),
                            false,
                            (scope, sequence) -> scope.sagas().withdrawOffers(present.id(), sequence));
        }
    }

    private static void demandOpen(SagaRow saga) {
        if (saga.state().ended()) {
            throw new SagaStateException("The saga '" + saga.saga() + "' is "
                    + saga.state().word() + ", so it needs no decision; see its journal");
        }
    }

    private Lease lease() {
        return Lease.of(parts.claims().bearable(MAX_CLAIM_WAIT.multipliedBy(6)));
    }

    private static String step(String id, SagaProgress progress) {
        return progress.stuckAt()
                .orElseThrow(() ->
                        new SagaStateException("The saga '" + id + "' is not stuck at a step; retry or resolve it"));
    }

    private void decide(String id, String text, Function<SagaProgress, Said> decision) {
        parts.texts().check("The note", text);
        try (Claim claim = parts.claims()
                .claim(agent, List.of(Key.text(stuck(id).key())), lease(), MAX_CLAIM_WAIT)
                .orThrow()) {
            SagaJournal journal = parts.journal(stuck(id), claim);
            journal.append(decision.apply(journal.progress()));
        }
    }

    private SagaRow stuck(String id) {
        SagaRow saga = parts.saga(id);
        if (saga.state() != SagaState.STUCK) {
            throw new SagaStateException("The saga '" + id + "' is "
                    + saga.state().word()
                    + " and not stuck, so it needs no decision; see its journal. Only resolve ends a saga that is not"
                    + " stuck, if no live process coordinates it");
        }
        return saga;
    }

    int forget(Duration endedBefore) {
        if (endedBefore.isNegative() || endedBefore.compareTo(MAX_AGE) > 0) {
            throw new InvalidInputException(
                    "The minimum age of sagas to forget is " + endedBefore + "; it must be from zero to " + MAX_AGE);
        }
        int all = 0;
        while (true) {
            int forgotten = parts.queue().submit(scope -> {
                // Zero means all that have ended, so clocks of other processes that are behind must not matter.
                long now = endedBefore.isZero() ? scope.now() : scope.agreedNow(endedBefore);
                long before = now - endedBefore.toMillis();
                List<Long> ended = scope.sagas().endedBefore(before, MAX_FORGOTTEN_PER_COMMIT);
                if (!ended.isEmpty()) {
                    scope.sequence(agent);
                    ended.forEach(scope.sagas()::forget);
                }
                return ended.size();
            });
            all += forgotten;
            if (forgotten < MAX_FORGOTTEN_PER_COMMIT) {
                return all;
            }
        }
    }
}
