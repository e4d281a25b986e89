package dev.fencepost.internal.saga;

import dev.fencepost.WaitInterruptedException;
import dev.fencepost.internal.saga.SagaProgress.Phase;
import dev.fencepost.internal.saga.SagaProgress.StepState;
import dev.fencepost.internal.sql.SagaTables.Said;
import dev.fencepost.saga.JournalEntry;
import dev.fencepost.saga.SagaStep;
import dev.fencepost.saga.StepFailedException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Executes a step of a saga until it is done, given up or stuck, or compensates it. A subclass for each kind of step
 * makes the attempts. Not thread-safe.
 */
abstract class StepExecutor<I, O, S extends SagaStep<I, O>> {
    final SagaRun<I> run;
    final S step;
    final StepState state;
    final Attempts attempts;

    /** True if another agent runs the step and reports its outcome. */
    private final boolean isReported;

    /** True if an attempt may have happened, even if later attempts failed. */
    boolean inDoubt;

    /** True if the last attempt was broken, or its process ended during it. */
    private boolean broken;

    StepExecutor(SagaRun<I> run, S step, boolean isReported) {
        this.run = run;
        this.step = step;
        this.isReported = isReported;
        this.state = run.progress().step(step);
        this.attempts = new Attempts(step.retry(), state.attempt(), state.attemptsUsed());
        this.broken = state.phase() == Phase.TRIED;
        // An awaited attempt is not in doubt yet: it will be reported or found lost. Only earlier attempts count.
        this.inDoubt = isAwaited() ? state.earlierInDoubt() : state.inDoubt();
    }

    /** Makes one attempt at the step, and journals its start and its success. */
    abstract AttemptResult attempt(DefaultStepContext<I> context);

    /** Makes one attempt at the compensation, and journals its start and its success. */
    abstract AttemptResult attemptCompensation(DefaultStepContext<I> context);

    /** Waits for the report on an attempt that another agent makes. */
    AttemptResult awaitReport(DefaultStepContext<I> context) {
        throw new AssertionError("no other agent runs the step '" + context.step() + "'");
    }

    /** Returns whether the step may run again while it is in doubt. */
    boolean isIdempotent() {
        return false;
    }

    /** Returns whether a step in doubt can be settled. */
    boolean canBeSettled() {
        return isIdempotent() && !attempts.areUsedUp();
    }

    /**
     * Settles a step in doubt by its own settings.
     *
     * @return the result; empty if the step is to be tried again
     */
    Optional<StepResult> settle(String error) {
        return canBeSettled() ? Optional.empty() : Optional.of(undecided(error));
    }

    /** Settles a step in doubt, for a saga that is to roll back; empty if the step is known not to have happened. */
    Optional<StepResult> settleForRollback() {
        return Optional.of(undecided(state.phase() == Phase.UNKNOWN ? state.error() : "its outcome is unknown"));
    }

    /**
     * Resolves the unknown outcome of the step, for a saga that is to roll back.
     *
     * @return the reason if the outcome stays unknown; empty if it is known, or the compensation is safe without it
     */
    final Optional<String> resolveUnknown() {
        return settleForRollback()
                .filter(result -> result.kind() == StepResult.Kind.STUCK)
                .map(StepResult::reason);
    }

    /** Executes the step. */
    final StepResult execute() {
        if (state.phase() == Phase.REFUSED) {
            return giveUp(state.error());
        }
        if (isUnsettled()) {
            Optional<StepResult> settled = settle("the outcome of attempt " + attempts.last() + " is unknown");
            if (settled.isPresent()) {
                return settled.get();
            }
        }
        boolean awaited = isAwaited();
        String last = state.error();
        // An awaited attempt was counted when its task was offered, so it may be the last that is allowed.
        while (awaited || !attempts.areUsedUp()) {
            if (!awaited && run.halts()) {
                return StepResult.HALTED;
            }
            AttemptResult ended;
            try {
                ended = awaited ? awaitLastReport() : attempt(next(attempts, false));
            } catch (SagaHaltedSignal e) {
                return StepResult.HALTED;
            } catch (SagaParkedSignal e) {
                return StepResult.PARKED;
            }
            awaited = false;
            broken = ended.kind() == AttemptResult.Kind.BROKEN;
            Optional<StepResult> result = result(ended);
            if (result.isPresent()) {
                return result.get();
            }
            last = ended.text();
            if (attempts.areOver()) {
                break;
            }
            run.pause(attempts.delay(), run::halts);
        }
        return broken && !inDoubt ? brokenOff(last) : giveUp(last);
    }

    final AttemptResult awaitLastReport() {
        return awaitReport(run.context(step, attempts.last(), false));
    }

    private DefaultStepContext<I> next(Attempts counted, boolean compensation) {
        run.parts().runningSagas().demandOpen();
        return run.context(step, counted.next(), compensation);
    }

    /**
     * Returns the result after a broken last attempt. A defect is no decision of the step, so it does not roll the saga
     * back.
     */
    private StepResult brokenOff(String error) {
        return StepResult.stuck("attempt " + attempts.last()
                + " failed, and the maximum number of attempts is reached: " + error
                + ". The step was not executed. Remove the cause and retry it, or skip it");
    }

    /**
     * Writes the end of an attempt to the journal. Returns the result of the step; empty if it is to be tried again.
     */
    final Optional<StepResult> result(AttemptResult ended) {
        switch (ended.kind()) {
            case DONE -> {
                return Optional.of(StepResult.DONE);
            }
            case FAILED -> enter(JournalEntry.Type.FAILED, ended.text(), attempts.areUsedUp());
            case REFUSED -> {
                enter(JournalEntry.Type.REFUSED, ended.text(), true);
                return Optional.of(giveUp(ended.text()));
            }
            case BROKEN -> {
                // The last error is in the entry that makes the saga stuck.
                if (!attempts.areUsedUp()) {
                    enter(JournalEntry.Type.FAILED, ended.text(), false);
                }
            }
            case UNKNOWN -> {
                inDoubt = true;
                enter(JournalEntry.Type.UNKNOWN, ended.text(), !canBeSettled());
                return settle(ended.text());
            }
            case WITHDRAWN -> {
                withdrawn(ended.text());
                return Optional.of(StepResult.HALTED);
            }
        }
        return Optional.empty();
    }

    private void withdrawn(String why) {
        if (inDoubt) {
            // A withdrawn task does not resolve an earlier attempt. The rollback decides whether that outcome is
            // needed.
            enter(
                    JournalEntry.Type.UNKNOWN,
                    "the worker of an earlier attempt has not reported, and " + why,
                    !canBeSettled());
        } else {
            enter(JournalEntry.Type.RULED_OUT, why, false);
        }
    }

    /**
     * Writes the end of an attempt to the journal.
     *
     * @param last whether the step will not be done after this
     */
    final void enter(JournalEntry.Type type, String text, boolean last) {
        Said said = new Said(type, step.name(), attempts.last(), text);
        if (last) {
            run.journal().appendFinalFailure(said);
        } else {
            run.journal().append(said);
        }
    }

    /** Returns whether the last attempt is an open task, whether or not a worker has claimed it. */
    final boolean isAwaited() {
        return isReported && state.phase() == Phase.STARTED;
    }

    private boolean isUnsettled() {
        return state.phase() == Phase.UNKNOWN || (state.phase() == Phase.STARTED && !isReported);
    }

    /** Returns whether the journal already showed, when this run began, that the step will not be done. */
    final boolean isOver() {
        return state.phase() == Phase.REFUSED
                || ((state.phase() == Phase.FAILED || state.phase() == Phase.TRIED) && attempts.areUsedUp())
                || (isUnsettled() && !canBeSettled());
    }

    /**
     * Returns the result of a step that is not tried again. If an earlier attempt is in doubt, the step is not known to
     * have failed.
     */
    private StepResult giveUp(String error) {
        boolean known = !inDoubt || step.compensatesUnknown();
        return known
                ? StepResult.givenUp(error)
                : StepResult.stuck("unknown outcome of an earlier attempt; the last attempt failed: " + error);
    }

    /**
     * Returns the result of a step that stays in doubt. The saga can roll back only if compensating the step is safe
     * even so.
     */
    final StepResult undecided(String why) {
        return step.compensatesUnknown()
                ? StepResult.givenUp(why)
                : StepResult.stuck("unknown outcome of attempt " + attempts.last() + ": " + why);
    }

    /**
     * Compensates the step. A compensation that began and left no outcome runs again, so it must be idempotent.
     *
     * @return the reason if the step could not be compensated; empty if it was
     */
    final Optional<String> compensate() {
        Attempts made =
                new Attempts(step.compensationRetry(), state.compensationAttempt(), state.compensationAttemptsUsed());
        boolean begun = state.phase() == Phase.COMPENSATING;
        boolean awaited = begun && isReported;
        String last =
                begun ? "the process that ran attempt " + made.last() + " ended before the attempt did" : state.error();
        while (awaited || !made.areUsedUp()) {
            AttemptResult ended =
                    awaited ? awaitReport(run.context(step, made.last(), true)) : attemptCompensation(next(made, true));
            awaited = false;
            if (ended.kind() == AttemptResult.Kind.DONE) {
                return Optional.empty();
            }
            last = FailureMessages.storable(ended.text());
            run.journal().append(new Said(JournalEntry.Type.UNDO_FAILED, step.name(), made.last(), last));
            if (ended.kind() == AttemptResult.Kind.REFUSED || made.areOver()) {
                break;
            }
            // A cancellation does not stop a compensation.
            run.pause(made.delay(), () -> false);
        }
        return Optional.of("could not be compensated: " + last);
    }

    /** Creates the entry for the start of an attempt. */
    final Said started(DefaultStepContext<I> context, @Nullable String text) {
        JournalEntry.Type type = context.isCompensation() ? JournalEntry.Type.UNDOING : JournalEntry.Type.STARTED;
        return new Said(type, step.name(), context.attempt(), text);
    }

    /** Creates the entry for the success of an attempt. */
    final Said done(DefaultStepContext<I> context, @Nullable String output) {
        JournalEntry.Type type = context.isCompensation() ? JournalEntry.Type.UNDONE : JournalEntry.Type.DONE;
        return new Said(type, step.name(), context.attempt(), output);
    }

    /** Returns whether a cancellation must stop the start or the commit of an attempt. */
    final boolean heedsCancel(DefaultStepContext<I> context) {
        return !context.isCompensation() && run.heedsCancel();
    }

    /** Returns the result of an attempt that did not happen. */
    final AttemptResult failed(DefaultStepContext<I> context, Throwable e) {
        if (e instanceof InterruptedException interrupt) {
            throw interrupted(context, interrupt);
        }
        FailureMessages.log(context, e);
        AttemptResult.Kind kind = AttemptResult.Kind.FAILED;
        if (FailureMessages.isBroken(e)) {
            kind = AttemptResult.Kind.BROKEN;
        } else if (e instanceof StepFailedException failure && !failure.retryable()) {
            kind = AttemptResult.Kind.REFUSED;
        }
        return new AttemptResult(kind, FailureMessages.message(e));
    }

    final WaitInterruptedException interrupted(DefaultStepContext<I> context, InterruptedException e) {
        Thread.currentThread().interrupt();
        return new WaitInterruptedException(
                "for the " + (context.isCompensation() ? "compensation of the step '" : "step '") + step.name() + "'",
                e);
    }
}
