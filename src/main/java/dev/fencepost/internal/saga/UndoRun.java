package dev.fencepost.internal.saga;

import dev.fencepost.OutsideStep;
import dev.fencepost.RoleStep;
import dev.fencepost.SagaEntry.Kind;
import dev.fencepost.SagaStep;
import dev.fencepost.StepFailedException;
import dev.fencepost.StoreStep;
import dev.fencepost.WaitInterruptedException;
import dev.fencepost.internal.saga.Progress.Phase;
import dev.fencepost.internal.saga.Progress.StepState;
import dev.fencepost.internal.txn.Pause;
import java.util.Optional;

/** Undoes one step. An undoing that began and left no outcome runs again: it must be idempotent. For one thread. */
final class UndoRun<I, O> {
    private final SagaRun<I> run;
    private final SagaStep<I, O> step;
    private final StepState state;
    private final Pause pause;
    private int attempt;
    private int used;

    UndoRun(SagaRun<I> run, SagaStep<I, O> step, StepState state) {
        this.run = run;
        this.step = step;
        this.state = state;
        this.attempt = state.undoAttempt();
        this.used = state.undoAttemptsUsed();
        this.pause = Pause.within(step.undoRetry().deadline());
    }

    /**
     * Undoes it.
     *
     * @return why it could not be undone, if it could not
     */
    Optional<String> undo() {
        boolean awaited = step instanceof RoleStep && state.phase() == Phase.UNDOING;
        String last = state.error();
        while (awaited || used < step.undoRetry().attempts()) {
            Optional<StepFailedException> failed = awaited ? awaitReport() : next();
            awaited = false;
            if (failed.isEmpty()) {
                return Optional.empty();
            }
            last = Failures.message(failed.get());
            run.journal().append(Kind.UNDO_FAILED, step.name(), attempt, last);
            if (!failed.get().retryable() || used >= step.undoRetry().attempts() || pause.over()) {
                break;
            }
            pause.beforeNext(used, step.undoRetry());
        }
        return Optional.of("could not be undone: " + last);
    }

    private Optional<StepFailedException> next() {
        attempt++;
        used++;
        if (step instanceof StoreStep<I, O> inStore) {
            return inStore(inStore);
        }
        Context<I> context = run.context(step, attempt, true);
        if (step instanceof RoleStep) {
            run.desk().offerUndo(run.journal(), StepRun.byRole(step), context, state.undoInput());
            return awaitReport();
        }
        return outside((OutsideStep<I, O>) step, context);
    }

    private Optional<StepFailedException> inStore(StoreStep<I, O> inStore) {
        try {
            O output = state.output().map(step.codec()::decode).orElseThrow();
            run.journal()
                    .transact(
                            transaction -> {
                                try {
                                    inStore.undo()
                                            .orElseThrow()
                                            .apply(transaction, run.context(step, attempt, true), output);
                                    return true;
                                } catch (StepFailedException e) {
                                    throw new Unwound(e);
                                }
                            },
                            any -> Journal.said(Kind.UNDONE, step.name(), attempt, null),
                            false);
            return Optional.empty();
        } catch (Unwound e) {
            return Optional.of(e.failure());
        } catch (RuntimeException e) {
            if (!StepRun.isOfTheStep(e)) {
                throw e;
            }
            return Optional.of(StepFailedException.tryAgain(Failures.message(e), e));
        }
    }

    private Optional<StepFailedException> outside(OutsideStep<I, O> outside, Context<I> context) {
        run.journal().append(Kind.UNDOING, step.name(), attempt, null);
        try {
            outside.undo()
                    .orElseThrow()
                    .run(context, state.undoInput(), state.output().map(step.codec()::decode));
        } catch (StepFailedException e) {
            return Optional.of(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new WaitInterruptedException("for the undoing of '" + step.name() + "'", e);
        } catch (Exception e) {
            return Optional.of(StepFailedException.tryAgain(Failures.message(e), e));
        }
        run.journal().append(Kind.UNDONE, step.name(), attempt, null);
        return Optional.empty();
    }

    private Optional<StepFailedException> awaitReport() {
        WorkDesk.Report report = run.desk().await(run, StepRun.byRole(step), attempt, true);
        return switch (report.kind()) {
            case DONE -> {
                run.journal().append(Kind.UNDONE, step.name(), attempt, report.text());
                yield Optional.empty();
            }
            case REFUSED -> Optional.of(StepFailedException.refused(report.text()));
            case FAILED, LOST, WITHDRAWN -> Optional.of(StepFailedException.tryAgain(report.text()));
        };
    }
}
