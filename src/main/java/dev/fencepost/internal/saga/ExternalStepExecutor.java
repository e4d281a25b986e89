package dev.fencepost.internal.saga;

import dev.fencepost.FencedException;
import dev.fencepost.saga.ExternalStep;
import dev.fencepost.saga.ExternalStep.ProbeResult;
import dev.fencepost.saga.JournalEntry;
import dev.fencepost.saga.StepFailedException;
import java.util.Optional;

/**
 * Executes an external step. Its start is journaled before its action, so it is in doubt until the journal has its
 * outcome. Its probe or another attempt settles that.
 */
final class ExternalStepExecutor<I, O> extends StepExecutor<I, O, ExternalStep<I, O>> {
    ExternalStepExecutor(SagaRun<I> run, ExternalStep<I, O> step) {
        super(run, step, false);
    }

    @Override
    AttemptResult attempt(DefaultStepContext<I> context) {
        String compensationInput;
        try {
            compensationInput = run.texts()
                    .input(
                            step,
                            "The input of the compensation",
                            step.compensationInput().apply(context));
        } catch (Throwable e) {
            return failed(context, e);
        }
        // From here on the step is in doubt until the journal has its outcome.
        run.journal().append(started(context, compensationInput), heedsCancel(context));
        String output;
        try {
            output = run.texts().output(step, step.action().run(context));
        } catch (StepFailedException | InterruptedException e) {
            return failed(context, e);
        } catch (Throwable e) {
            // The action may have happened, even if only its output could not be stored.
            FailureMessages.log(context, e);
            return new AttemptResult(AttemptResult.Kind.UNKNOWN, FailureMessages.message(e));
        }
        run.journal().append(done(context, output));
        return AttemptResult.DONE;
    }

    @Override
    AttemptResult attemptCompensation(DefaultStepContext<I> context) {
        run.journal().append(started(context, null));
        try {
            step.compensation()
                    .orElseThrow()
                    .run(context, state.compensationInput(), state.output().map(step.codec()::decode));
        } catch (Throwable e) {
            // Always a failure, never in doubt: an idempotent compensation may run again.
            return failed(context, e);
        }
        run.journal().append(done(context, null));
        return AttemptResult.DONE;
    }

    @Override
    boolean isIdempotent() {
        return step.isIdempotent();
    }

    @Override
    boolean canBeSettled() {
        return step.probe().isPresent() || super.canBeSettled();
    }

    @Override
    Optional<StepResult> settle(String error) {
        return step.probe().isPresent() ? ask(step.probe().get()) : super.settle(error);
    }

    @Override
    Optional<StepResult> settleForRollback() {
        if (step.probe().isPresent()) {
            return ask(step.probe().get());
        }
        // The compensation needs to know whether the step is done. If the step is idempotent, another attempt settles
        // that.
        return step.isIdempotent() ? Optional.of(execute()) : super.settleForRollback();
    }

    /**
     * Calls the probe until it answers, as often as the retry policy allows. A step that did not happen is like a
     * failed attempt.
     */
    private Optional<StepResult> ask(ExternalStep.Probe<I, O> probe) {
        DefaultStepContext<I> context = run.context(step, attempts.last(), false);
        int most = step.retry().maxAttempts();
        String why = "the probe returned no result";
        for (int asked = 1; asked <= most; asked++) {
            try {
                ProbeResult<O> found = probe.ask(context);
                if (found instanceof ProbeResult.Executed<O> happened) {
                    run.journal().append(done(context, run.texts().output(step, happened.output())));
                    return Optional.of(StepResult.DONE);
                } else if (found instanceof ProbeResult.NotExecuted<O>) {
                    String ruledOut = "the probe reports that the step was not executed";
                    enter(JournalEntry.Type.RULED_OUT, ruledOut, attempts.areUsedUp());
                    inDoubt = false;
                    return Optional.empty();
                }
                why = ((ProbeResult.Unknown<O>) found).why();
            } catch (InterruptedException e) {
                throw interrupted(context, e);
            } catch (Throwable e) {
                if (e instanceof FencedException
                        || (e instanceof RuntimeException failure && !FailureMessages.isOfTheStep(failure))) {
                    throw (RuntimeException) e;
                }
                FailureMessages.log(context, e);
                why = FailureMessages.message(e);
            }
            if (asked < most) {
                run.pause(attempts.delay(asked), run::halts);
                if (run.halts()) {
                    return Optional.of(StepResult.HALTED);
                }
            }
        }
        return Optional.of(undecided(why));
    }
}
