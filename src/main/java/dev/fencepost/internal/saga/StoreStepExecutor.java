package dev.fencepost.internal.saga;

import dev.fencepost.saga.StoreStep;
import java.util.Optional;

/** Executes a store step. Its writes and the entry about its success are one commit, so it is never in doubt. */
final class StoreStepExecutor<I, O> extends StepExecutor<I, O, StoreStep<I, O>> {
    StoreStepExecutor(SagaRun<I> run, StoreStep<I, O> step) {
        super(run, step, false);
    }

    @Override
    AttemptResult attempt(DefaultStepContext<I> context) {
        return transact(
                context,
                (transaction, seen) ->
                        Optional.of(run.texts().output(step, step.action().apply(transaction, seen))));
    }

    @Override
    AttemptResult attemptCompensation(DefaultStepContext<I> context) {
        return transact(context, (transaction, seen) -> {
            O output = state.output().map(step.codec()::decode).orElseThrow();
            step.compensation().orElseThrow().apply(transaction, seen, output);
            return Optional.empty();
        });
    }

    private AttemptResult transact(DefaultStepContext<I> context, StoreStep.Action<I, Optional<String>> function) {
        try {
            if (run.journalsStarts(step)) {
                // Without a text: this tells the start of a store step from that of others.
                run.journal().append(started(context, null), heedsCancel(context));
            }
            run.journal()
                    .transact(
                            transaction -> {
                                try {
                                    return function.apply(transaction, context);
                                } catch (Throwable e) {
                                    throw FailureMessages.signal(e);
                                }
                            },
                            output -> done(context, output.orElse(null)),
                            heedsCancel(context));
            return AttemptResult.DONE;
        } catch (StepFailedSignal e) {
            return failed(context, e.failure());
        } catch (RuntimeException e) {
            if (!FailureMessages.isOfTheStep(e)) {
                throw e;
            }
            // The transaction was not committed, so the step did not happen.
            return failed(context, e);
        }
    }
}
