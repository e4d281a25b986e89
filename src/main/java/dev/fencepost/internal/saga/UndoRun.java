package dev.fencepost.internal.saga;

import dev.fencepost.Transaction;
import dev.fencepost.WaitInterruptedException;
import dev.fencepost.internal.saga.SagaProgress.Phase;
import dev.fencepost.internal.saga.SagaProgress.StepState;
import dev.fencepost.internal.util.Deadline;
import dev.fencepost.saga.ExternalStep;
import dev.fencepost.saga.JournalEntry;
import dev.fencepost.saga.SagaStep;
import dev.fencepost.saga.StepFailedException;
import dev.fencepost.saga.StoreStep;
import dev.fencepost.saga.WorkerStep;
import java.util.Optional;

/**
 * Compensates one step. A compensation that began and left no outcome runs again, so it must be idempotent. Not
 * thread-safe.
 */
final class UndoRun<I, O> {
    private final SagaExecution<I> run;
    private final SagaStep<I, O> step;
    private final StepState state;
    private final Deadline pause;
    private int attempt;
    private int used;

    UndoRun(SagaExecution<I> run, SagaStep<I, O> step, StepState state) {
        this.run = run;
        this.step = step;
        this.state = state;
        this.attempt = state.undoAttempt();
        this.used = state.undoAttemptsUsed();
        this.pause = Deadline.after(step.compensationRetry().maxDuration());
    }

    /**
     * Compensates the step.
     *
     * @return the reason if the step could not be compensated; empty if it was
     */
    Optional<String> undo() {
        boolean awaited = step instanceof WorkerStep && state.phase() == Phase.UNDOING;
        String last = state.phase() == Phase.UNDOING
                ? "the process that ran attempt " + attempt + " ended before the attempt did"
                : state.error();
        while (awaited || used < step.compensationRetry().maxAttempts()) {
            Optional<Throwable> failed = awaited ? awaitReport() : next();
            awaited = false;
            if (failed.isEmpty()) {
                return Optional.empty();
            }
            last = FailureMessages.message(failed.get());
            run.journal().append(JournalEntry.Type.UNDO_FAILED, step.name(), attempt, last);
            boolean retryable = !(failed.get() instanceof StepFailedException refused) || refused.retryable();
            if (!retryable || used >= step.compensationRetry().maxAttempts() || pause.over()) {
                break;
            }
            // A cancellation does not stop a compensation.
            run.pause(pause.untilNext(used, step.compensationRetry()), () -> false);
        }
        return Optional.of("could not be compensated: " + last);
    }

    private Optional<Throwable> next() {
        run.demandOpen();
        attempt++;
        used++;
        DefaultStepContext<I> context = run.context(step, attempt, true);
        if (step instanceof StoreStep<I, O> inStore) {
            return inStore(inStore, context);
        } else if (step instanceof WorkerStep) {
            run.desk().offerUndo(run.journal(), AttemptRun.byRole(step), context, state.undoInput());
            return awaitReport();
        }
        return outside((ExternalStep<I, O>) step, context);
    }

    private Optional<Throwable> inStore(StoreStep<I, O> inStore, DefaultStepContext<I> context) {
        try {
            if (run.countsBeginnings(step)) {
                run.journal().append(JournalEntry.Type.UNDOING, step.name(), attempt, null);
            }
            run.journal()
                    .transact(
                            transaction -> undone(inStore, transaction, context),
                            any -> SagaJournal.said(JournalEntry.Type.UNDONE, step.name(), attempt, null),
                            false);
            return Optional.empty();
        } catch (StepFailedSignal e) {
            return failed(context, e.failure());
        } catch (RuntimeException e) {
            if (!FailureMessages.isOfTheStep(e)) {
                throw e;
            }
            return failed(context, e);
        }
    }

    private boolean undone(StoreStep<I, O> inStore, Transaction transaction, DefaultStepContext<I> context) {
        try {
            O output = state.output().map(step.codec()::decode).orElseThrow();
            inStore.compensation().orElseThrow().apply(transaction, context, output);
            return true;
        } catch (Throwable e) {
            throw FailureMessages.unwound(e);
        }
    }

    private Optional<Throwable> failed(DefaultStepContext<I> context, Throwable e) {
        if (e instanceof InterruptedException interrupt) {
            Thread.currentThread().interrupt();
            throw new WaitInterruptedException("for the compensation of the step '" + step.name() + "'", interrupt);
        }
        FailureMessages.log(context, e);
        return Optional.of(e);
    }

    private Optional<Throwable> outside(ExternalStep<I, O> outside, DefaultStepContext<I> context) {
        run.journal().append(JournalEntry.Type.UNDOING, step.name(), attempt, null);
        try {
            outside.compensation()
                    .orElseThrow()
                    .run(context, state.undoInput(), state.output().map(step.codec()::decode));
        } catch (Throwable e) {
            // Always a failure, never in doubt: an idempotent compensation may run again.
            return failed(context, e);
        }
        run.journal().append(JournalEntry.Type.UNDONE, step.name(), attempt, null);
        return Optional.empty();
    }

    private Optional<Throwable> awaitReport() {
        StepTaskQueue.Report report = run.desk().await(run, AttemptRun.byRole(step), attempt, true);
        return switch (report.kind()) {
            case DONE -> {
                run.journal().append(JournalEntry.Type.UNDONE, step.name(), attempt, report.text());
                yield Optional.empty();
            }
            case REFUSED -> Optional.of(StepFailedException.permanent(report.text()));
            case FAILED, LOST, WITHDRAWN -> Optional.of(StepFailedException.retryable(report.text()));
        };
    }
}
