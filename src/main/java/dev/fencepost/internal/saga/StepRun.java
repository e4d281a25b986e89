package dev.fencepost.internal.saga;

import dev.fencepost.FencedException;
import dev.fencepost.OutcomeUnknownException;
import dev.fencepost.OutsideStep;
import dev.fencepost.OutsideStep.Found;
import dev.fencepost.Retry;
import dev.fencepost.RoleStep;
import dev.fencepost.SagaEntry.Kind;
import dev.fencepost.SagaStep;
import dev.fencepost.StepFailedException;
import dev.fencepost.StoreBusyException;
import dev.fencepost.StoreClosedException;
import dev.fencepost.StoreFailedException;
import dev.fencepost.StoreRefusedException;
import dev.fencepost.StoreStep;
import dev.fencepost.Texts;
import dev.fencepost.WaitInterruptedException;
import dev.fencepost.internal.saga.Progress.Phase;
import dev.fencepost.internal.saga.Progress.StepState;
import dev.fencepost.internal.txn.Pause;
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
    }

    /** How an attempt ended. */
    private sealed interface Attempt {
        record Done() implements Attempt {}

        record Failed(String error, boolean retryable) implements Attempt {}

        record Unknown(String error) implements Attempt {}

        record Halted() implements Attempt {}
    }

    private final SagaRun<I> run;
    private final SagaStep<I, O> step;
    private final StepState state;
    private final Pause pause;
    private int attempt;
    private int used;
    /** Whether an attempt may have happened, whatever became of those after it. */
    private boolean inDoubt;

    StepRun(SagaRun<I> run, SagaStep<I, O> step, StepState state) {
        this.run = run;
        this.step = step;
        this.state = state;
        this.attempt = state.attempt();
        this.used = state.attemptsUsed();
        // What is awaited will be reported, or be found lost then; only what came before it may be in doubt already.
        this.inDoubt = isAwaited() ? state.earlierInDoubt() : state.inDoubt();
        this.pause = Pause.within(step.retry().deadline());
    }

    /** Whether somebody else is to report on its last attempt, or nobody has taken that yet. */
    private boolean isAwaited() {
        return step instanceof RoleStep && state.phase() == Phase.STARTED;
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
            Attempt ended = awaited ? awaitReport(byRole(step)) : next();
            awaited = false;
            Optional<Result> result = result(ended);
            if (result.isPresent()) {
                return result.get();
            }
            last = error(ended);
            if (isUsedUp() || pause.over()) {
                break;
            }
            pause.beforeNext(used, step.retry());
        }
        return giveUp(last);
    }

    /** Empty if it is to be tried again. */
    private Optional<Result> result(Attempt ended) {
        if (ended instanceof Attempt.Done) {
            return Optional.of(new Result.Done());
        } else if (ended instanceof Attempt.Unknown unknown) {
            inDoubt = true;
            enter(Kind.UNKNOWN, unknown.error(), !canBeSettled());
            return settle(unknown.error());
        } else if (ended instanceof Attempt.Failed failed) {
            enter(failed.retryable() ? Kind.FAILED : Kind.REFUSED, failed.error(), !failed.retryable() || isUsedUp());
            return failed.retryable() ? Optional.empty() : Optional.of(giveUp(failed.error()));
        }
        return Optional.of(new Result.Halted());
    }

    /** Says how an attempt ended, and whether that was the last. */
    private void enter(Kind kind, String text, boolean last) {
        if (last) {
            run.journal().giveUp(kind, step.name(), attempt, text);
        } else {
            run.journal().append(kind, step.name(), attempt, text);
        }
    }

    private boolean isUsedUp() {
        return used >= step.retry().attempts();
    }

    /** Whether it will not be done, by what the journal said when this run began. */
    boolean isOver() {
        boolean open =
                state.phase() == Phase.UNKNOWN || (state.phase() == Phase.STARTED && !(step instanceof RoleStep));
        return state.phase() == Phase.REFUSED
                || (state.phase() == Phase.FAILED && isUsedUp())
                || (open && !canBeSettled());
    }

    /** Whether an attempt of which nobody knows can be found out about, or be repeated. */
    private boolean canBeSettled() {
        return isProbed() || mayBeRepeated();
    }

    private boolean isProbed() {
        return step instanceof OutsideStep<I, O> outside && outside.probe().isPresent();
    }

    private boolean mayBeRepeated() {
        boolean idempotent = step instanceof OutsideStep<I, O> outside
                ? outside.idempotent()
                : step instanceof RoleStep && byRole(step).idempotent();
        return idempotent && !isUsedUp();
    }

    private static String error(Attempt ended) {
        return ended instanceof Attempt.Unknown unknown ? unknown.error() : ((Attempt.Failed) ended).error();
    }

    /** It is not tried any more; but if an earlier attempt may have happened, it is not known to have failed. */
    private Result giveUp(String error) {
        boolean known = !inDoubt || step.undoesTheUnknown();
        return known
                ? new Result.GivenUp(error)
                : new Result.Stuck("unknown outcome of an earlier attempt than the last, which failed: " + error);
    }

    private Attempt next() {
        attempt++;
        used++;
        try {
            if (step instanceof StoreStep<I, O> inStore) {
                return inStore(inStore);
            } else if (step instanceof OutsideStep<I, O> outside) {
                return outside(outside);
            }
            return byRole(byRole(step));
        } catch (Halted e) {
            return new Attempt.Halted();
        }
    }

    private Context<I> context() {
        return run.context(step, attempt, false);
    }

    private Attempt inStore(StoreStep<I, O> inStore) {
        try {
            run.journal()
                    .transact(
                            transaction -> {
                                try {
                                    return kept(
                                            "The output",
                                            step.codec().encode(inStore.action().apply(transaction, context())));
                                } catch (StepFailedException e) {
                                    throw new Unwound(e);
                                }
                            },
                            output -> Journal.said(Kind.DONE, step.name(), attempt, output),
                            run.heedsCancel());
            return new Attempt.Done();
        } catch (Unwound e) {
            return new Attempt.Failed(Failures.message(e.failure()), e.failure().retryable());
        } catch (RuntimeException e) {
            if (!isOfTheStep(e)) {
                throw e;
            }
            // Nothing of it was committed.
            return new Attempt.Failed(Failures.message(e), true);
        }
    }

    /** Whether it says something of the step, and not of the store, the saga or this thread. */
    static boolean isOfTheStep(RuntimeException e) {
        return !(e instanceof Halted
                || e instanceof OutcomeUnknownException
                || e instanceof StoreClosedException
                || e instanceof StoreFailedException
                || e instanceof StoreBusyException
                || e instanceof StoreRefusedException
                || e instanceof WaitInterruptedException);
    }

    private Attempt outside(OutsideStep<I, O> outside) {
        Context<I> context = context();
        String undoInput;
        try {
            undoInput = kept("What undoing needs", outside.undoInput().apply(context));
        } catch (RuntimeException e) {
            return new Attempt.Failed(Failures.message(e), true);
        }
        run.journal()
                .append(
                        Journal.said(Kind.STARTED, step.name(), attempt, undoInput),
                        run.heedsCancel(),
                        (scope, sequence) -> {});
        String output;
        try {
            output = kept("The output", step.codec().encode(outside.action().run(context)));
        } catch (StepFailedException e) {
            return new Attempt.Failed(Failures.message(e), e.retryable());
        } catch (InterruptedException e) {
            throw interrupted(e);
        } catch (Exception e) {
            return new Attempt.Unknown(Failures.message(e));
        }
        run.journal().append(Kind.DONE, step.name(), attempt, output);
        return new Attempt.Done();
    }

    private Attempt byRole(RoleStep<I> byRole) {
        Context<I> context = context();
        String input;
        String undoInput;
        try {
            input = kept("What the agent is told", byRole.input().apply(context));
            undoInput = kept(
                    "What undoing needs",
                    byRole.undoInput().map(told -> told.apply(context)).orElse(""));
        } catch (RuntimeException e) {
            return new Attempt.Failed(Failures.message(e), true);
        }
        run.desk().offer(run.journal(), byRole, context, input, undoInput, run.heedsCancel());
        return awaitReport(byRole);
    }

    private Attempt awaitReport(RoleStep<I> byRole) {
        WorkDesk.Report report = run.desk().await(run, byRole, attempt, false);
        return switch (report.kind()) {
            case DONE -> {
                run.journal().append(Kind.DONE, step.name(), attempt, report.text());
                yield new Attempt.Done();
            }
            case FAILED -> new Attempt.Failed(report.text(), true);
            case REFUSED -> new Attempt.Failed(report.text(), false);
            case LOST -> new Attempt.Unknown(report.text());
            case WITHDRAWN -> {
                if (inDoubt) {
                    // That nobody took it says nothing of who took it before. Whether that has to be known, whoever
                    // turns back decides.
                    String doubt = "whoever took it earlier has not reported, and " + report.text();
                    enter(Kind.UNKNOWN, doubt, !canBeSettled());
                } else {
                    run.journal().append(Kind.RULED_OUT, step.name(), attempt, report.text());
                }
                yield new Attempt.Halted();
            }
        };
    }

    /**
     * Deals with an attempt of which nobody knows whether it happened, as the step says.
     *
     * @return empty if it is to be tried again
     */
    private Optional<Result> settle(String error) {
        if (step instanceof OutsideStep<I, O> outside && outside.probe().isPresent()) {
            return ask(outside.probe().get());
        }
        return mayBeRepeated() ? Optional.empty() : Optional.of(undecided(error));
    }

    /** Where it cannot be told whether it happened: the saga can only turn back if the step may be undone all the same. */
    private Result undecided(String why) {
        return step.undoesTheUnknown()
                ? new Result.GivenUp(why)
                : new Result.Stuck("unknown outcome of attempt " + attempt + ": " + why);
    }

    /** Asks until there is an answer; what certainly did not happen is like any attempt that failed. */
    private Optional<Result> ask(OutsideStep.Probe<I, O> probe) {
        Retry policy = step.retry();
        String why = "the probe gave no answer";
        for (int asked = 1; asked <= policy.attempts(); asked++) {
            try {
                Found<O> found = probe.ask(context());
                if (found instanceof Found.Happened<O> happened) {
                    run.journal()
                            .append(
                                    Kind.DONE,
                                    step.name(),
                                    attempt,
                                    kept("The output", step.codec().encode(happened.output())));
                    return Optional.of(new Result.Done());
                } else if (found instanceof Found.DidNotHappen<O>) {
                    enter(Kind.RULED_OUT, "the probe says that it did not happen", isUsedUp());
                    inDoubt = false;
                    return Optional.empty();
                }
                why = ((Found.CannotTell<O>) found).why();
            } catch (InterruptedException e) {
                throw interrupted(e);
            } catch (RuntimeException e) {
                if (e instanceof FencedException || !isOfTheStep(e)) {
                    throw e;
                }
                why = Failures.message(e);
            } catch (Exception e) {
                why = Failures.message(e);
            }
            if (asked < policy.attempts()) {
                pause.beforeNext(asked, policy);
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
            settled = result(awaitReport(byRole(step)))
                    .filter(result -> !(result instanceof Result.Halted))
                    .or(() -> inDoubt ? Optional.of(undecided("whoever took it has not reported")) : Optional.empty());
        } else if (step instanceof OutsideStep<I, O> outside && outside.probe().isPresent()) {
            settled = ask(outside.probe().get());
        } else if (step instanceof OutsideStep<I, O> outside && outside.idempotent()) {
            // To be undone it must be known to be done, or not: it may run again, and then that is known.
            settled = Optional.of(forward());
        } else {
            settled = Optional.of(
                    undecided(state.phase() == Phase.UNKNOWN ? state.error() : "nobody knows whether it happened"));
        }
        return settled.filter(Result.Stuck.class::isInstance).map(stuck -> ((Result.Stuck) stuck).reason());
    }

    private WaitInterruptedException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new WaitInterruptedException("for the step '" + step.name() + "'", e);
    }

    /** It is one: the compiler cannot know that its output is text. */
    @SuppressWarnings("unchecked")
    static <I> RoleStep<I> byRole(SagaStep<I, ?> step) {
        return (RoleStep<I>) step;
    }

    /** A text that the file can keep as it is. */
    private static String kept(String what, String text) {
        Texts.utf8Length(what, text);
        return text;
    }
}
