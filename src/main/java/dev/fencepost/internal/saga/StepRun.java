package dev.fencepost.internal.saga;

import dev.fencepost.FencedException;
import dev.fencepost.RetryPolicy;
import dev.fencepost.internal.saga.SagaProgress.Phase;
import dev.fencepost.internal.saga.SagaProgress.StepState;
import dev.fencepost.internal.util.Deadline;
import dev.fencepost.saga.ExternalStep;
import dev.fencepost.saga.ExternalStep.ProbeResult;
import dev.fencepost.saga.JournalEntry;
import dev.fencepost.saga.SagaStep;
import dev.fencepost.saga.WorkerStep;
import java.util.Optional;

/** Runs one step until it is done, given up or stuck. Not thread-safe. */
final class StepRun<I, O> {
    private final SagaExecution<I> run;
    private final SagaStep<I, O> step;
    private final StepState state;
    private final Deadline pause;
    private int attempt;
    private int used;
    /** True if an attempt may have happened, even if later attempts failed. */
    private boolean inDoubt;

    /** True if the last attempt was broken, or its process ended during it. */
    private boolean broken;

    StepRun(SagaExecution<I> run, SagaStep<I, O> step, StepState state) {
        this.run = run;
        this.step = step;
        this.state = state;
        this.attempt = state.attempt();
        this.used = state.attemptsUsed();
        this.broken = state.phase() == Phase.TRIED;
        // An awaited attempt is not in doubt yet: it will be reported or found lost. Only earlier attempts count.
        this.inDoubt = isAwaited() ? state.earlierInDoubt() : state.inDoubt();
        this.pause = Deadline.after(step.retry().maxDuration());
    }

    /** Returns whether the last attempt is an open task, whether or not a worker has claimed it. */
    private boolean isAwaited() {
        return step instanceof WorkerStep && state.phase() == Phase.STARTED;
    }

    /** Runs the step. */
    StepResult forward() {
        if (state.phase() == Phase.REFUSED) {
            return giveUp(state.error());
        }
        boolean awaited = isAwaited();
        if (state.phase() == Phase.UNKNOWN || (state.phase() == Phase.STARTED && !awaited)) {
            Optional<StepResult> settled = settle("the outcome of attempt " + attempt + " is unknown");
            if (settled.isPresent()) {
                return settled.get();
            }
        }
        String last = state.error();
        // An awaited attempt was counted when its task was offered, so it may be the last that is allowed.
        while (awaited || !isUsedUp()) {
            if (!awaited && run.halts()) {
                return StepResult.HALTED;
            }
            Attempt ended;
            try {
                ended = awaited ? awaitReport() : next();
            } catch (Parked e) {
                return StepResult.PARKED;
            }
            awaited = false;
            broken = ended instanceof Attempt.Broken;
            Optional<StepResult> result = result(ended);
            if (result.isPresent()) {
                return result.get();
            }
            last = error(ended);
            if (isUsedUp() || pause.over()) {
                break;
            }
            run.pause(pause.untilNext(used, step.retry()), run::halts);
        }
        return broken && !inDoubt ? brokenOff(last) : giveUp(last);
    }

    /**
     * Returns the result after a broken last attempt. A defect is no decision of the step, so it does not roll the saga
     * back.
     */
    private StepResult brokenOff(String error) {
        return StepResult.stuck("attempt " + attempt + " failed, and the maximum number of attempts is reached: "
                + error
                + ". The step was not executed. Remove the cause and retry it, or skip it");
    }

    /**
     * Writes the end of an attempt to the journal. Returns the result of the run; empty if the step is to be tried
     * again.
     */
    private Optional<StepResult> result(Attempt ended) {
        if (ended instanceof Attempt.Done) {
            return Optional.of(StepResult.DONE);
        } else if (ended instanceof Attempt.Unknown unknown) {
            inDoubt = true;
            enter(JournalEntry.Type.UNKNOWN, unknown.error(), !canBeSettled());
            return settle(unknown.error());
        } else if (ended instanceof Attempt.Failed failed) {
            enter(
                    failed.retryable() ? JournalEntry.Type.FAILED : JournalEntry.Type.REFUSED,
                    failed.error(),
                    !failed.retryable() || isUsedUp());
            return failed.retryable() ? Optional.empty() : Optional.of(giveUp(failed.error()));
        } else if (ended instanceof Attempt.Broken failed) {
            // The last error is in the entry that makes the saga stuck.
            if (!isUsedUp()) {
                enter(JournalEntry.Type.FAILED, failed.error(), false);
            }
            return Optional.empty();
        }
        if (ended instanceof Attempt.Withdrawn withdrawn) {
            withdrawn(withdrawn.why());
        }
        return Optional.of(StepResult.HALTED);
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
            run.journal().append(JournalEntry.Type.RULED_OUT, step.name(), attempt, why);
        }
    }

    /**
     * Writes the end of an attempt to the journal.
     *
     * @param last whether the step will not be done after this
     */
    private void enter(JournalEntry.Type kind, String text, boolean last) {
        if (last) {
            run.journal().appendFinalFailure(kind, step.name(), attempt, text);
        } else {
            run.journal().append(kind, step.name(), attempt, text);
        }
    }

    private boolean isUsedUp() {
        return used >= step.retry().maxAttempts();
    }

    /** Returns whether the journal already showed, when this run began, that the step will not be done. */
    boolean isOver() {
        boolean open =
                state.phase() == Phase.UNKNOWN || (state.phase() == Phase.STARTED && !(step instanceof WorkerStep));
        return state.phase() == Phase.REFUSED
                || ((state.phase() == Phase.FAILED || state.phase() == Phase.TRIED) && isUsedUp())
                || (open && !canBeSettled());
    }

    /** Returns whether a step in doubt can be settled, by its probe or by another attempt. */
    private boolean canBeSettled() {
        return isProbed() || mayBeRepeated();
    }

    private boolean isProbed() {
        return step instanceof ExternalStep<I, O> outside && outside.probe().isPresent();
    }

    private boolean mayBeRepeated() {
        boolean idempotent = step instanceof ExternalStep<I, O> outside
                ? outside.isIdempotent()
                : step instanceof WorkerStep && AttemptRun.byRole(step).isIdempotent();
        return idempotent && !isUsedUp();
    }

    private static String error(Attempt ended) {
        if (ended instanceof Attempt.Unknown unknown) {
            return unknown.error();
        }
        return ended instanceof Attempt.Broken failed ? failed.error() : ((Attempt.Failed) ended).error();
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

    private Attempt next() {
        run.demandOpen();
        attempt++;
        used++;
        return attempt().make();
    }

    private AttemptRun<I, O> attempt() {
        return new AttemptRun<>(run, step, attempt);
    }

    private Attempt awaitReport() {
        return attempt().awaitReport(AttemptRun.byRole(step));
    }

    /**
     * Settles a step in doubt by its own settings: with its probe, with another attempt, or not at all.
     *
     * @return the result; empty if the step is to be tried again
     */
    private Optional<StepResult> settle(String error) {
        if (step instanceof ExternalStep<I, O> outside && outside.probe().isPresent()) {
            return ask(outside.probe().get());
        }
        return mayBeRepeated() ? Optional.empty() : Optional.of(undecided(error));
    }

    /**
     * Returns the result of a step that stays in doubt. The saga can roll back only if compensating the step is safe
     * even so.
     */
    private StepResult undecided(String why) {
        return step.compensatesUnknown()
                ? StepResult.givenUp(why)
                : StepResult.stuck("unknown outcome of attempt " + attempt + ": " + why);
    }

    /**
     * Calls the probe until it answers, as often as the retry policy allows. A step that did not happen is like a
     * failed attempt.
     */
    private Optional<StepResult> ask(ExternalStep.Probe<I, O> probe) {
        RetryPolicy policy = step.retry();
        String why = "the probe returned no result";
        for (int asked = 1; asked <= policy.maxAttempts(); asked++) {
            try {
                ProbeResult<O> found = probe.ask(run.context(step, attempt, false));
                if (found instanceof ProbeResult.Executed<O> happened) {
                    run.journal()
                            .append(
                                    JournalEntry.Type.DONE,
                                    step.name(),
                                    attempt,
                                    run.texts().output(step, happened.output()));
                    return Optional.of(StepResult.DONE);
                } else if (found instanceof ProbeResult.NotExecuted<O>) {
                    enter(JournalEntry.Type.RULED_OUT, "the probe reports that the step was not executed", isUsedUp());
                    inDoubt = false;
                    return Optional.empty();
                }
                why = ((ProbeResult.Unknown<O>) found).why();
            } catch (InterruptedException e) {
                throw attempt().interrupted(e);
            } catch (Throwable e) {
                if (e instanceof FencedException
                        || (e instanceof RuntimeException failure && !FailureMessages.isOfTheStep(failure))) {
                    throw (RuntimeException) e;
                }
                FailureMessages.log(run.context(step, attempt, false), e);
                why = FailureMessages.message(e);
            }
            if (asked < policy.maxAttempts()) {
                run.pause(pause.untilNext(asked, policy), run::halts);
                if (run.halts()) {
                    return Optional.of(StepResult.HALTED);
                }
            }
        }
        return Optional.of(undecided(why));
    }

    /**
     * Settles a step in doubt, for a saga that is to roll back.
     *
     * @return the reason if the outcome stays unknown; empty if it is known, or the compensation is safe without it
     */
    Optional<String> settleToTurnBack() {
        Optional<StepResult> settled;
        if (isAwaited()) {
            // Halted: the task was withdrawn. Empty: the step could be tried again, but the saga rolls back. In both
            // cases an earlier attempt may still be in doubt.
            settled = result(awaitReport())
                    .filter(result -> result.kind() != StepResult.Kind.HALTED)
                    .or(() -> inDoubt ? Optional.of(undecided("the worker has not reported")) : Optional.empty());
        } else if (step instanceof ExternalStep<I, O> outside && outside.probe().isPresent()) {
            settled = ask(outside.probe().get());
        } else if (step instanceof ExternalStep<I, O> outside && outside.isIdempotent()) {
            // The compensation needs to know whether the step is done. The step is idempotent, so another attempt
            // settles that.
            settled = Optional.of(forward());
        } else {
            settled = Optional.of(undecided(state.phase() == Phase.UNKNOWN ? state.error() : "its outcome is unknown"));
        }
        return settled.filter(result -> result.kind() == StepResult.Kind.STUCK).map(StepResult::reason);
    }
}
