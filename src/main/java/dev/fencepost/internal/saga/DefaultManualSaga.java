package dev.fencepost.internal.saga;

import dev.fencepost.Claim;
import dev.fencepost.ClaimToken;
import dev.fencepost.Codec;
import dev.fencepost.InvalidInputException;
import dev.fencepost.internal.saga.SagaPlanner.Action;
import dev.fencepost.internal.saga.SagaProgress.Phase;
import dev.fencepost.internal.saga.SagaProgress.StepState;
import dev.fencepost.internal.sql.SagaRow;
import dev.fencepost.internal.sql.SagaTables.Said;
import dev.fencepost.internal.util.Arguments;
import dev.fencepost.saga.JournalEntry;
import dev.fencepost.saga.ManualSaga;
import dev.fencepost.saga.SagaDefinition;
import dev.fencepost.saga.SagaState;
import dev.fencepost.saga.SagaStateException;
import dev.fencepost.saga.WorkerStep;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A saga whose holder runs the steps and reports their results. This class determines only their order. */
final class DefaultManualSaga implements ManualSaga {
    /** The name of the definition of every manual saga, by which it is recognized. */
    static final String DEFINITION = "reported";

    /** The types of entries whose text comes from the caller and has to be checked. */
    private static final Set<JournalEntry.Type> REPORTS = EnumSet.of(
            JournalEntry.Type.DONE, JournalEntry.Type.FAILED, JournalEntry.Type.REFUSED, JournalEntry.Type.UNDO_FAILED);

    private static final Said COMPENSATED = new Said(JournalEntry.Type.COMPENSATED, null, 0, null);

    private final SagaRow saga;
    private final ClaimToken token;
    private final Runnable release;
    private final Supplier<SagaJournal> openJournal;
    private final SagaParts parts;
    private final String lastStep;
    private final SagaPlanner<String> planner;

    private DefaultManualSaga(
            SagaRow saga, ClaimToken token, Runnable release, Supplier<SagaJournal> openJournal, SagaParts parts) {
        this.saga = saga;
        this.token = token;
        this.release = release;
        this.openJournal = openJournal;
        this.parts = parts;
        List<String> steps = List.of(saga.input().split("\n", -1));
        this.lastStep = steps.get(steps.size() - 1);
        this.planner = new SagaPlanner<>(definition(steps), saga.deadline());
    }

    /** Creates a saga whose holder has this claim. */
    static DefaultManualSaga open(SagaRow saga, Claim claim, SagaJournal journal, SagaParts parts) {
        return new DefaultManualSaga(saga, claim.token(), claim::close, () -> journal, parts);
    }

    /**
     * Creates a saga that has ended, under the token of an earlier claim. It refuses every report.
     *
     * @param refuse an action that throws the exception for a report
     */
    static DefaultManualSaga ended(SagaRow saga, ClaimToken token, Runnable refuse, SagaParts parts) {
        return new DefaultManualSaga(
                saga,
                token,
                () -> {},
                () -> {
                    refuse.run();
                    throw hasEnded(saga);
                },
                parts);
    }

    /** Tells whether a token was granted for this saga, which has ended, and not for an earlier one of the same name. */
    static boolean isEnded(SagaRow saga, ClaimToken token) {
        // The number of a claim is the sequence of the commit that granted it.
        return saga.definition().equals(DEFINITION) && saga.state().ended() && token.claim() > saga.begunSequence();
    }

    /** Returns the exception for a report on a saga that has ended. */
    static SagaStateException hasEnded(SagaRow saga) {
        return new SagaStateException("The saga '" + saga.saga() + "' is "
                + saga.state().word() + " and accepts no more reports. Use another ID for a new saga");
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
        return token;
    }

    @Override
    public String idempotencyKey(String step, boolean undo) {
        Arguments.required(step, "step");
        return DefaultStepContext.idempotencyKey(saga.saga(), saga.begunSequence(), step, undo);
    }

    @Override
    public SagaState state() {
        return saga.state().ended() ? saga.state() : parts.saga(id()).state();
    }

    @Override
    public synchronized Optional<Next> next() {
        if (state().ended()) {
            return Optional.empty();
        }
        SagaProgress progress = openJournal.get().progress();
        // A manual saga has no deadline, so the time does not matter.
        if (planner.next(progress, Map.of(), 0) instanceof Action.RollBack<String> back
                // A step in doubt must be reported first: if it is done, it needs compensation.
                && back.inDoubt().isEmpty()) {
            rollBack(progress, back.reason());
            return next();
        }
        return next(progress);
    }

    private Optional<Next> next(SagaProgress progress) {
        return planner.nextSteps(progress).stream().findFirst().map(step -> {
            StepState state = progress.step(step);
            boolean inDoubt = progress.compensating() ? state.phase() == Phase.COMPENSATING : state.inDoubt();
            return new Next(step.name(), progress.compensating(), inDoubt);
        });
    }

    @Override
    public synchronized void started(String step) {
        SagaProgress progress = progressBefore(step);
        StepState state = progress.step(step);
        if (progress.compensating()) {
            append(JournalEntry.Type.UNDOING, step, state.compensationAttempt() + 1, null);
        } else {
            append(JournalEntry.Type.STARTED, step, state.attempt() + 1, null);
        }
    }

    @Override
    public synchronized void done(String step, String output) {
        Arguments.required(output, "output");
        SagaProgress progress = progressBefore(step, false);
        Said done = said(JournalEntry.Type.DONE, step, progress.step(step).attempt(), output);
        if (!step.equals(lastStep) || !completed(done)) {
            openJournal.get().append(done);
        }
    }

    /**
     * Completes the saga with the entry of its last step, in one commit. Returns false if a cancellation was requested
     * before.
     */
    private boolean completed(Said done) {
        try {
            openJournal.get().appendBoth(done, new Said(JournalEntry.Type.COMPLETED, null, 0, null), true);
            return true;
        } catch (SagaHaltedSignal e) {
            return false;
        }
    }

    @Override
    public synchronized void failed(String step, String reason) {
        Arguments.required(reason, "reason");
        SagaProgress progress = progressBefore(step);
        StepState state = progress.step(step);
        if (progress.compensating()) {
            append(JournalEntry.Type.UNDO_FAILED, step, state.compensationAttempt(), reason);
        } else {
            append(JournalEntry.Type.FAILED, step, state.attempt(), reason);
        }
    }

    @Override
    public synchronized void refused(String step, String reason) {
        Arguments.required(reason, "reason");
        SagaProgress progress = progressBefore(step, false);
        append(JournalEntry.Type.REFUSED, step, progress.step(step).attempt(), reason);
        rollBack(progress, step + ": " + reason);
    }

    @Override
    public synchronized void compensated(String step) {
        SagaProgress progress = progressBefore(step, true);
        Said compensated =
                said(JournalEntry.Type.UNDONE, step, progress.step(step).compensationAttempt(), null);
        if (planner.toCompensate(progress).size() > 1) {
            openJournal.get().append(compensated);
        } else {
            openJournal.get().appendBoth(compensated, COMPENSATED, false);
        }
    }

    /** Begins to roll back. Ends the saga in the same commit if no step needs compensation. */
    private void rollBack(SagaProgress progress, String reason) {
        Said back = new Said(JournalEntry.Type.COMPENSATING, null, 0, reason);
        if (planner.toCompensate(progress).isEmpty()) {
            openJournal.get().appendBoth(back, COMPENSATED, false);
        } else {
            openJournal.get().append(back);
        }
    }

    private void append(JournalEntry.Type type, String step, int attempt, @Nullable String text) {
        openJournal.get().append(said(type, step, attempt, text));
    }

    private Said said(JournalEntry.Type type, String step, int attempt, @Nullable String text) {
        if (REPORTS.contains(type)) {
            parts.texts().check("The report on the step '" + step + "' of the saga '" + id() + "'", text);
        }
        // A report is about the first attempt if its start was not reported.
        return new Said(type, step, Math.max(attempt, 1), text);
    }

    private SagaProgress progressBefore(String step, boolean compensating) {
        SagaProgress progress = progressBefore(step);
        if (progress.compensating() != compensating) {
            throw new SagaStateException("The step '" + step + "' of the saga '" + id() + "' is to be "
                    + (compensating ? "done" : "compensated") + ", but the report is for the opposite. Report "
                    + (compensating ? "done, failed or refused" : "undone or failed"));
        }
        return progress;
    }

    /** Returns the progress before a report on a step, once it is checked that the step is next. */
    private SagaProgress progressBefore(String step) {
        Arguments.required(step, "step");
        SagaProgress progress = openJournal.get().progress();
        Optional<Next> next = next(progress);
        if (next.filter(wanted -> wanted.step().equals(step)).isEmpty()) {
            throw new SagaStateException("The next action of the saga '" + id() + "' is "
                    + next.map(wanted ->
                                    (wanted.isCompensation() ? "to compensate" : "to do") + " '" + wanted.step() + "'")
                            .orElse("nothing")
                    + ", not '" + step + "'");
        }
        return progress;
    }

    @Override
    public void close() {
        release.run();
    }

    @Override
    public String toString() {
        return "saga '" + id() + "', " + (saga.state().ended() ? saga.state().word() : "manual");
    }
}
