package dev.fencepost.internal.saga;

import dev.fencepost.Claim;
import dev.fencepost.ClaimToken;
import dev.fencepost.Codec;
import dev.fencepost.InvalidInputException;
import dev.fencepost.internal.saga.SagaProgress.Phase;
import dev.fencepost.internal.sql.SagaRow;
import dev.fencepost.internal.sql.SagaTables.Said;
import dev.fencepost.internal.util.Arguments;
import dev.fencepost.saga.JournalEntry;
import dev.fencepost.saga.ManualSaga;
import dev.fencepost.saga.SagaDefinition;
import dev.fencepost.saga.SagaState;
import dev.fencepost.saga.SagaStateException;
import dev.fencepost.saga.SagaStep;
import dev.fencepost.saga.WorkerStep;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A saga whose holder runs the steps and reports their results. This class determines only their order. */
final class DefaultManualSaga implements ManualSaga {
    /** The name of the definition of every manual saga, by which it is recognized. */
    static final String DEFINITION = "reported";

    /** The types of entries whose text comes from the caller and has to be checked. */
    private static final Set<JournalEntry.Type> REPORTS = EnumSet.of(
            JournalEntry.Type.DONE, JournalEntry.Type.FAILED, JournalEntry.Type.REFUSED, JournalEntry.Type.UNDO_FAILED);

    private final SagaRow saga;
    private final Claim claim;
    private final SagaJournal journal;
    private final SagaCoordinator coordinator;
    private final StoredTexts texts;
    private final List<SagaStep<String, ?>> steps;

    DefaultManualSaga(SagaRow saga, Claim claim, SagaJournal journal, SagaCoordinator coordinator, StoredTexts texts) {
        this.texts = texts;
        this.saga = saga;
        this.claim = claim;
        this.journal = journal;
        this.coordinator = coordinator;
        this.steps = definition(List.of(saga.input().split("\n", -1))).steps();
    }

    /** Creates the definition of a manual saga. Every step has a compensation, and none is ever run from here. */
    static SagaDefinition<String> definition(List<String> steps) {
        if (steps.isEmpty()) {
            throw new InvalidInputException("The manual saga has no steps; name at least one");
        }
        SagaDefinition<String> definition = SagaDefinition.of(DEFINITION, 1, Codec.text());
        for (String step : steps) {
            definition = definition.step(
                    WorkerStep.<String>of(step, DEFINITION, context -> "").compensatedBy(context -> ""));
        }
        return definition;
    }

    @Override
    public String id() {
        return saga.saga();
    }

    @Override
    public ClaimToken token() {
        return claim.token();
    }

    @Override
    public String idempotencyKey(String step, boolean undo) {
        Arguments.required(step, "step");
        return DefaultStepContext.idempotencyKey(saga.saga(), saga.begunSequence(), step, undo);
    }

    @Override
    public SagaState state() {
        return coordinator
                .find(id())
                .orElseThrow(() -> SagaCoordinator.none(id()))
                .state();
    }

    @Override
    public synchronized Optional<Next> next() {
        if (state().ended()) {
            return Optional.empty();
        }
        SagaProgress progress = journal.progress();
        Optional<Next> next = next(progress);
        // A step in doubt must be reported first: if it is done, it needs compensation.
        boolean turns = progress.cancelled().isPresent()
                && !progress.compensating()
                && next.filter(Next::inDoubt).isEmpty();
        if (!turns) {
            return next;
        }
        turnBack(null, "cancelled: " + progress.cancelled().get(), progress);
        return next();
    }

    private Optional<Next> next(SagaProgress progress) {
        if (progress.compensating()) {
            return progress.toUndo(steps).stream()
                    .findFirst()
                    .map(step -> new Next(step.name(), true, progress.step(step).phase() == Phase.UNDOING));
        }
        return steps.stream()
                .filter(step -> !progress.step(step).phase().forwardIsOver())
                .findFirst()
                .map(step -> new Next(step.name(), false, progress.step(step).inDoubt()));
    }

    @Override
    public synchronized void started(String step) {
        Arguments.required(step, "step");
        SagaProgress progress = journal.progress();
        Next next = demand(step, progress);
        if (next.isCompensation()) {
            append(JournalEntry.Type.UNDOING, step, progress.step(step).undoAttempt() + 1, null);
        } else {
            append(JournalEntry.Type.STARTED, step, progress.step(step).attempt() + 1, null);
        }
    }

    @Override
    public synchronized void done(String step, String output) {
        Arguments.required(step, "step");
        Arguments.required(output, "output");
        SagaProgress progress = journal.progress();
        demand(step, false, progress);
        Said done =
                said(JournalEntry.Type.DONE, step, attempt(progress.step(step).attempt()), output);
        long open = steps.stream()
                .filter(other -> !progress.step(other).phase().forwardIsOver())
                .count();
        if (open > 1 || !completed(done)) {
            journal.append(done, false, (scope, sequence) -> {});
        }
    }

    /**
     * Completes the saga with the entry of its last step, in one commit. Returns false if a cancellation was requested
     * before.
     */
    private boolean completed(Said done) {
        try {
            journal.appendBoth(done, new Said(JournalEntry.Type.COMPLETED, null, 0, null), true);
            return true;
        } catch (SagaHaltedSignal e) {
            return false;
        }
    }

    @Override
    public synchronized void failed(String step, String reason) {
        Arguments.required(step, "step");
        Arguments.required(reason, "reason");
        SagaProgress progress = journal.progress();
        if (demand(step, progress).isCompensation()) {
            append(
                    JournalEntry.Type.UNDO_FAILED,
                    step,
                    attempt(progress.step(step).undoAttempt()),
                    reason);
        } else {
            append(JournalEntry.Type.FAILED, step, attempt(progress.step(step).attempt()), reason);
        }
    }

    @Override
    public synchronized void refused(String step, String reason) {
        Arguments.required(step, "step");
        Arguments.required(reason, "reason");
        SagaProgress progress = journal.progress();
        demand(step, false, progress);
        turnBack(
                said(
                        JournalEntry.Type.REFUSED,
                        step,
                        attempt(progress.step(step).attempt()),
                        reason),
                step + ": " + reason,
                progress);
    }

    @Override
    public synchronized void compensated(String step) {
        Arguments.required(step, "step");
        SagaProgress progress = journal.progress();
        demand(step, true, progress);
        Said undone =
                said(JournalEntry.Type.UNDONE, step, attempt(progress.step(step).undoAttempt()), null);
        if (progress.toUndo(steps).size() > 1) {
            journal.append(undone, false, (scope, sequence) -> {});
        } else {
            journal.appendBoth(undone, new Said(JournalEntry.Type.COMPENSATED, null, 0, null), false);
        }
    }

    /** Begins to roll back. Ends the saga in the same commit if no step needs compensation. */
    private void turnBack(@Nullable Said first, String reason, SagaProgress progress) {
        Said back = new Said(JournalEntry.Type.COMPENSATING, null, 0, reason);
        boolean last = progress.toUndo(steps).isEmpty();
        Said end = new Said(JournalEntry.Type.COMPENSATED, null, 0, null);
        if (first != null) {
            journal.append(first, false, (scope, sequence) -> {});
        }
        if (last) {
            journal.appendBoth(back, end, false);
        } else {
            journal.append(back, false, (scope, sequence) -> {});
        }
    }

    /** Returns the number of the attempt that a report is about: 1 if its start was not reported. */
    private static int attempt(int begun) {
        return Math.max(begun, 1);
    }

    private void append(JournalEntry.Type kind, String step, int attempt, @Nullable String text) {
        journal.append(said(kind, step, attempt, text), false, (scope, sequence) -> {});
    }

    private Said said(JournalEntry.Type kind, String step, int attempt, @Nullable String text) {
        if (REPORTS.contains(kind)) {
            texts.check("The report on the step '" + step + "' of the saga '" + id() + "'", text);
        }
        return new Said(kind, step, attempt, text);
    }

    private void demand(String step, boolean undo, SagaProgress progress) {
        if (demand(step, progress).isCompensation() != undo) {
            throw new SagaStateException("The step '" + step + "' of the saga '" + id() + "' is to be "
                    + (undo ? "done" : "compensated") + ", but the report is for the opposite. Report "
                    + (undo ? "done, failed or refused" : "undone or failed"));
        }
    }

    private Next demand(String step, SagaProgress progress) {
        Optional<Next> next = next(progress);
        return next.filter(wanted -> wanted.step().equals(step))
                .orElseThrow(() -> new SagaStateException("The next action of the saga '" + id() + "' is "
                        + next.map(wanted -> (wanted.isCompensation() ? "to compensate" : "to do") + " '"
                                        + wanted.step() + "'")
                                .orElse("nothing")
                        + ", not '" + step + "'"));
    }

    @Override
    public void close() {
        claim.close();
    }

    @Override
    public String toString() {
        return "saga '" + id() + "', manual";
    }
}
