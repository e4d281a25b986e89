package dev.fencepost.internal.saga;

import dev.fencepost.Transaction;
import dev.fencepost.WaitInterruptedException;
import dev.fencepost.internal.sql.SagaTables.Said;
import dev.fencepost.saga.ExternalStep;
import dev.fencepost.saga.JournalEntry;
import dev.fencepost.saga.SagaStep;
import dev.fencepost.saga.StepFailedException;
import dev.fencepost.saga.StoreStep;
import dev.fencepost.saga.WorkerStep;
import org.jspecify.annotations.Nullable;

/** One attempt at a step. Not thread-safe. */
final class AttemptRun<I, O> {
    private final SagaExecution<I> run;
    private final SagaStep<I, O> step;
    private final int attempt;

    AttemptRun(SagaExecution<I> run, SagaStep<I, O> step, int attempt) {
        this.run = run;
        this.step = step;
        this.attempt = attempt;
    }

    /** Runs the attempt and waits for its outcome. */
    Attempt make() {
        try {
            if (step instanceof StoreStep<I, O> inStore) {
                return inStore(inStore);
            } else if (step instanceof ExternalStep<I, O> outside) {
                return outside(outside);
            }
            return byRole(byRole(step));
        } catch (SagaHaltedSignal e) {
            return new Attempt.Halted();
        }
    }

    private DefaultStepContext<I> context() {
        return run.context(step, attempt, false);
    }

    private Attempt inStore(StoreStep<I, O> inStore) {
        DefaultStepContext<I> context = context();
        try {
            if (run.countsBeginnings(step)) {
                // Without a text: this tells the start of a store step from that of others.
                begin(null);
            }
            run.journal()
                    .transact(
                            transaction -> output(inStore, transaction, context),
                            output -> SagaJournal.said(JournalEntry.Type.DONE, step.name(), attempt, output),
                            run.heedsCancel());
            return new Attempt.Done();
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

    private String output(StoreStep<I, O> inStore, Transaction transaction, DefaultStepContext<I> context) {
        try {
            return storable(inStore.action().apply(transaction, context));
        } catch (Throwable e) {
            throw FailureMessages.unwound(e);
        }
    }

    private String storable(@Nullable O output) {
        try {
            return run.texts().output(step, output);
        } catch (RuntimeException e) {
            throw new FailureMessages.Unusable(e);
        }
    }

    private String storable(String what, @Nullable String text) {
        try {
            return run.texts().check(what + " of the step '" + step.name() + "'", text);
        } catch (RuntimeException e) {
            throw new FailureMessages.Unusable(e);
        }
    }

    private void begin(@Nullable String undoInput) {
        Said started = SagaJournal.said(JournalEntry.Type.STARTED, step.name(), attempt, undoInput);
        run.journal().append(started, run.heedsCancel(), (scope, sequence) -> {});
    }

    /** Returns the outcome of an attempt that did not happen. */
    private Attempt failed(DefaultStepContext<I> context, Throwable e) {
        if (e instanceof InterruptedException interrupt) {
            throw interrupted(interrupt);
        }
        FailureMessages.log(context, e);
        String error = FailureMessages.message(e);
        if (FailureMessages.isBroken(e)) {
            return new Attempt.Broken(error);
        }
        return new Attempt.Failed(error, !(e instanceof StepFailedException failed) || failed.retryable());
    }

    private Attempt outside(ExternalStep<I, O> outside) {
        DefaultStepContext<I> context = context();
        String undoInput;
        try {
            undoInput = storable(
                    "The input of the compensation", outside.compensationInput().apply(context));
        } catch (Throwable e) {
            return failed(context, e);
        }
        // From here on the step is in doubt until the journal has its outcome.
        begin(undoInput);
        String output;
        try {
            output = storable(outside.action().run(context));
        } catch (StepFailedException e) {
            return failed(context, e);
        } catch (InterruptedException e) {
            throw interrupted(e);
        } catch (Throwable e) {
            // The action may have happened, even if only its output could not be stored.
            FailureMessages.log(context, e);
            return new Attempt.Unknown(FailureMessages.message(e));
        }
        run.journal().append(JournalEntry.Type.DONE, step.name(), attempt, output);
        return new Attempt.Done();
    }

    private Attempt byRole(WorkerStep<I> byRole) {
        DefaultStepContext<I> context = context();
        String input;
        String undoInput;
        try {
            input = storable("The input", byRole.input().apply(context));
            undoInput = storable(
                    "The input of the compensation",
                    byRole.compensationInput().isPresent()
                            ? byRole.compensationInput().get().apply(context)
                            : "");
        } catch (Throwable e) {
            return failed(context, e);
        }
        run.desk().offer(run.journal(), byRole, context, input, undoInput, run.heedsCancel());
        return awaitReport(byRole);
    }

    /** Waits for the report on a task that was offered before. */
    Attempt awaitReport(WorkerStep<I> byRole) {
        StepTaskQueue.Report report = run.desk().await(run, byRole, attempt, false);
        return switch (report.kind()) {
            case DONE -> {
                run.journal().append(JournalEntry.Type.DONE, step.name(), attempt, report.text());
                yield new Attempt.Done();
            }
            case FAILED -> new Attempt.Failed(report.text(), true);
            case REFUSED -> new Attempt.Failed(report.text(), false);
            case LOST -> new Attempt.Unknown(report.text());
            case WITHDRAWN -> new Attempt.Withdrawn(report.text());
        };
    }

    WaitInterruptedException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new WaitInterruptedException("for the step '" + step.name() + "'", e);
    }

    /** Casts a step to a worker step. The compiler cannot know that its output is text. */
    @SuppressWarnings("unchecked")
    static <I> WorkerStep<I> byRole(SagaStep<I, ?> step) {
        return (WorkerStep<I>) step;
    }
}
