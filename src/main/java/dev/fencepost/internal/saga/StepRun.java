package dev.fencepost.internal.saga;

import dev.fencepost.ExternalStep;
import dev.fencepost.ExternalStep.ProbeResult;
import dev.fencepost.FencedException;
import dev.fencepost.JournalEntry;
import dev.fencepost.RetryPolicy;
import dev.fencepost.SagaStep;
import dev.fencepost.WorkerStep;
import dev.fencepost.internal.saga.SagaProgress.Phase;
import dev.fencepost.internal.saga.SagaProgress.StepState;
import dev.fencepost.internal.util.Deadline;
import java.util.Optional;

/** Carries out one step, until it is done, given up or stuck. For one thread. */
final class StepRun<I, O> {
    /** How it ended. */
    sealed interface Result {
        /** It is done. */
        record Done() implements Result {}

        /** It certainly did not happen, and is not tried any more. */
        record GivenUp(String reason) implements Result {}

        /** It cannot be told whether it happened, or what to do. */
        record Stuck(String reason) implements Result {}

        /** Somebody asked for the end of the saga before it began. */
        record Halted() implements Result {}

        /** It waits for another agent's report, and this run does not. */
        record Parked() implements Result {}
    }

    private final SagaExecution<I> run;
    private final SagaStep<I, O> step;
    private final StepState state;
    private final Deadline pause;
    private int attempt;
    private int used;
    /** Whether an attempt may have happened, whatever became of those after it. */
    private boolean inDoubt;

    /** Whether the last attempt was broken, or its process ended in it. */
    private boolean broken;

    StepRun(SagaExecution<I> run, SagaStep<I, O> step, StepState state) {
        this.run = run;
        this.step = step;
        this.state = state;
        this.attempt = state.attempt();
        this.used = state.attemptsUsed();
        this.broken = state.phase() == Phase.TRIED;
        // What is awaited will be reported, or be found lost then; only what came before it may be in doubt already.
        this.inDoubt = isAwaited() ? state.earlierInDoubt() : state.inDoubt();
        this.pause = Deadline.after(step.retry().maxDuration());
    }

    /** Whether somebody else is to report on its last attempt, or nobody has taken that yet. */
    private boolean isAwaited() {
        return step instanceof WorkerStep && state.phase() == Phase.STARTED;
    }

    /** Does it. */
    Result forward() {
        if (state.phase() == Phase.REFUSED) {
            return giveUp(state.error());
        }
        boolean awaited = isAwaited();
        if (state.phase() == Phase.UNKNOWN || (state.phase() == Phase.STARTED && !awaited)) {
            Optional<Result> settled = settle("nobody knows whether attempt " + attempt + " happened");
            if (settled.isPresent()) {
                return settled.get();
            }
        }
        String last = state.error();
        while (awaited || !isUsedUp()) {
            if (!awaited && run.halts()) {
                return new Result.Halted();
            }
            Attempt ended;
            try {
                ended = awaited ? awaitReport() : next();
            } catch (Parked e) {
                return new Result.Parked();
            }
            awaited = false;
            broken = ended instanceof Attempt.Broken;
            Optional<Result> result = result(ended);
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

    private Result brokenOff(String error) {
        return new Result.Stuck("attempt " + attempt + " failed, and no more are allowed: " + error
                + ". It did not happen. Retry it once the cause is removed, or skip it");
    }

    /** Empty if it is to be tried again. */
    private Optional<Result> result(Attempt ended) {
        if (ended instanceof Attempt.Done) {
            return Optional.of(new Result.Done());
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
            // The last of them is in the entry that says that the saga is stuck.
            if (!isUsedUp()) {
                enter(JournalEntry.Type.FAILED, failed.error(), false);
            }
            return Optional.empty();
        }
        if (ended instanceof Attempt.Withdrawn withdrawn) {
            withdrawn(withdrawn.why());
        }
        return Optional.of(new Result.Halted());
    }

    private void withdrawn(String why) {
        if (inDoubt) {
            // That nobody took it says nothing of who took it before. Whether that has to be known, whoever turns back
            // decides.
            enter(JournalEntry.Type.UNKNOWN, "whoever took it earlier has not reported, and " + why, !canBeSettled());
        } else {
            run.journal().append(JournalEntry.Type.RULED_OUT, step.name(), attempt, why);
        }
    }

    /** Says how an attempt ended, and whether that was the last. */
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

    /** Whether it will not be done, by what the journal said when this run began. */
    boolean isOver() {
        boolean open =
                state.phase() == Phase.UNKNOWN || (state.phase() == Phase.STARTED && !(step instanceof WorkerStep));
        return state.phase() == Phase.REFUSED
                || ((state.phase() == Phase.FAILED || state.phase() == Phase.TRIED) && isUsedUp())
                || (open && !canBeSettled());
    }

    /** Whether an attempt of which nobody knows can be found out about, or be repeated. */
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

    /** It is not tried any more; but if an earlier attempt may have happened, it is not known to have failed. */
    private Result giveUp(String error) {
        boolean known = !inDoubt || step.compensatesUnknown();
        return known
                ? new Result.GivenUp(error)
                : new Result.Stuck("unknown outcome of an earlier attempt than the last, which failed: " + error);
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
     * Deals with an attempt of which nobody knows whether it happened, as the step says.
     *
     * @return empty if it is to be tried again
     */
    private Optional<Result> settle(String error) {
        if (step instanceof ExternalStep<I, O> outside && outside.probe().isPresent()) {
            return ask(outside.probe().get());
        }
        return mayBeRepeated() ? Optional.empty() : Optional.of(undecided(error));
    }

    /** Where it cannot be told whether it happened: the saga can only turn back if the step may be undone all the same. */
    private Result undecided(String why) {
        return step.compensatesUnknown()
                ? new Result.GivenUp(why)
                : new Result.Stuck("unknown outcome of attempt " + attempt + ": " + why);
    }

    /** Asks until there is an answer; what certainly did not happen is like any attempt that failed. */
    private Optional<Result> ask(ExternalStep.Probe<I, O> probe) {
        RetryPolicy policy = step.retry();
        String why = "the probe gave no answer";
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
                    return Optional.of(new Result.Done());
                } else if (found instanceof ProbeResult.NotExecuted<O>) {
                    enter(JournalEntry.Type.RULED_OUT, "the probe says that it did not happen", isUsedUp());
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
                    return Optional.of(new Result.Halted());
                }
            }
        }
        return Optional.of(undecided(why));
    }

    /**
     * Finds out whether it happened, for a saga that is to turn back.
     *
     * @return why that cannot be told, if it cannot
     */
    Optional<String> settleToTurnBack() {
        Optional<Result> settled;
        if (isAwaited()) {
            settled = result(awaitReport())
                    .filter(result -> !(result instanceof Result.Halted))
                    .or(() -> inDoubt ? Optional.of(undecided("whoever took it has not reported")) : Optional.empty());
        } else if (step instanceof ExternalStep<I, O> outside && outside.probe().isPresent()) {
            settled = ask(outside.probe().get());
        } else if (step instanceof ExternalStep<I, O> outside && outside.isIdempotent()) {
            // To be undone it must be known to be done, or not: it may run again, and then that is known.
            settled = Optional.of(forward());
        } else {
            settled = Optional.of(
                    undecided(state.phase() == Phase.UNKNOWN ? state.error() : "nobody knows whether it happened"));
        }
        return settled.filter(Result.Stuck.class::isInstance).map(stuck -> ((Result.Stuck) stuck).reason());
    }
}
