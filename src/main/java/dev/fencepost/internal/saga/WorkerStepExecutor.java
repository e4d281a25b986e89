package dev.fencepost.internal.saga;

import dev.fencepost.internal.read.CommitNotifier;
import dev.fencepost.internal.sql.SagaTables;
import dev.fencepost.internal.sql.SagaTables.Offer;
import dev.fencepost.internal.sql.StepTaskRow;
import dev.fencepost.internal.sql.StepTaskRow.Outcome;
import dev.fencepost.internal.util.Deadline;
import dev.fencepost.saga.SagaStateException;
import dev.fencepost.saga.WorkerStep;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Executes a worker step: offers its task to workers, and waits for the report.
 *
 * <p>An offer is no intent; the claim of a task is. So a task that no worker has claimed can be withdrawn without
 * doubt. A claimed task whose worker is lost is in doubt.
 */
final class WorkerStepExecutor<I> extends StepExecutor<I, String, WorkerStep<I>> {
    WorkerStepExecutor(SagaRun<I> run, WorkerStep<I> step) {
        super(run, step, true);
    }

    @Override
    AttemptResult attempt(DefaultStepContext<I> context) {
        String input;
        String compensationInput;
        try {
            input = run.texts().input(step, "The input", step.input().apply(context));
            compensationInput = run.texts()
                    .input(
                            step,
                            "The input of the compensation",
                            step.compensationInput().isPresent()
                                    ? step.compensationInput().get().apply(context)
                                    : "");
        } catch (Throwable e) {
            return failed(context, e);
        }
        offer(context, input, compensationInput);
        return awaitReport(context);
    }

    @Override
    AttemptResult attemptCompensation(DefaultStepContext<I> context) {
        offer(context, state.compensationInput(), null);
        return awaitReport(context);
    }

    @Override
    boolean isIdempotent() {
        return step.isIdempotent();
    }

    @Override
    Optional<StepResult> settleForRollback() {
        if (!isAwaited()) {
            return super.settleForRollback();
        }
        // Halted: the task was withdrawn. Empty: the step could be tried again, but the saga rolls back. In both cases
        // an earlier attempt may still be in doubt.
        return result(awaitLastReport())
                .filter(result -> result.kind() != StepResult.Kind.HALTED)
                .or(() -> inDoubt ? Optional.of(undecided("the worker has not reported")) : Optional.empty());
    }

    /** Journals the start of an attempt and offers its task, in one commit. */
    private void offer(DefaultStepContext<I> context, String input, @Nullable String compensationInput) {
        String key = StepTaskQueue.key(run.saga(), step.name(), context.isCompensation());
        Offer offer = new Offer(
                run.saga().id(), step.name(), context.isCompensation(), context.attempt(), step.role(), input);
        run.journal().append(started(context, compensationInput), heedsCancel(context), (scope, sequence) -> {
            if (scope.values().key(key).id() == 0) {
                scope.values().insertKey(key);
            }
            scope.sagas().offer(offer, key, sequence);
        });
        run.parts().notifier().notifyKeys(List.of(step.role()));
    }

    /**
     * Waits until a task is reported or lost. Withdraws the task if the saga is to roll back and no worker has claimed
     * it.
     *
     * @throws SagaParkedSignal if the run is not to wait for other agents
     */
    @Override
    AttemptResult awaitReport(DefaultStepContext<I> context) {
        RunningSagas runningSagas = run.parts().runningSagas();
        String key = StepTaskQueue.key(run.saga(), step.name(), context.isCompensation());
        SagaRun<I>.ClaimKeeper keeper = run.new ClaimKeeper();
        try (CommitNotifier.Listener listener = run.parts()
                .notifier()
                .listen(
                        List.of(key, RunningSagas.CLOSING),
                        () -> runningSagas.isClosing() || status(context).isNews())) {
            while (true) {
                runningSagas.demandOpen();
                TaskStatus status = status(context);
                if (status == TaskStatus.ENDED) {
                    return report(context);
                }
                // A compensation is never withdrawn.
                boolean withdraws = status == TaskStatus.OFFERED && !context.isCompensation() && run.withdrawsTasks();
                if (status == TaskStatus.ABANDONED || withdraws) {
                    end(context, withdraws);
                    continue;
                }
                run.awaitReport();
                keeper.keep();
                Deadline.after(SagaRun.CHECK_INTERVAL.multipliedBy(2))
                        .sleepJittered(SagaRun.CHECK_INTERVAL, listener, "for a report on '" + key + "'");
            }
        }
    }

    /** The status of a task. */
    private enum TaskStatus {
        OFFERED,
        CLAIMED,
        /** Claimed by a worker that has not reported, and whose claim has ended or can be taken over. */
        ABANDONED,
        ENDED;

        boolean isNews() {
            return this == ABANDONED || this == ENDED;
        }
    }

    private StepTaskRow task(SagaTables tables, DefaultStepContext<I> context) {
        return tables.work(run.saga().id(), step.name(), context.isCompensation(), context.attempt())
                .orElseThrow(() -> new SagaStateException("The step '" + step.name()
                        + "' was started by a definition in which it is not a worker step. Register that definition"
                        + " under its own version"));
    }

    private TaskStatus status(DefaultStepContext<I> context) {
        return run.parts().reads().read(session -> {
            StepTaskRow task = task(new SagaTables(session), context);
            if (task.outcome().isPresent()) {
                return TaskStatus.ENDED;
            } else if (!task.wasTaken()) {
                return TaskStatus.OFFERED;
            }
            boolean held = task.claim()
                    .filter(claim -> !run.parts().claims().isFree(session, claim))
                    .isPresent();
            return held ? TaskStatus.CLAIMED : TaskStatus.ABANDONED;
        });
    }

    /** Returns the outcome of a task that has ended, and journals a success. */
    private AttemptResult report(DefaultStepContext<I> context) {
        StepTaskRow task = run.parts().reads().read(session -> task(new SagaTables(session), context));
        String text = task.output().orElse("");
        return switch (task.outcome().orElseThrow()) {
            case DONE -> {
                run.journal().append(done(context, text));
                yield AttemptResult.DONE;
            }
            case FAILED -> new AttemptResult(AttemptResult.Kind.FAILED, text);
            case REFUSED -> new AttemptResult(AttemptResult.Kind.REFUSED, text);
            case LOST -> new AttemptResult(AttemptResult.Kind.UNKNOWN, "the worker has not reported");
            case WITHDRAWN ->
                new AttemptResult(
                        AttemptResult.Kind.WITHDRAWN, "no worker had claimed it when the saga was rolled back");
        };
    }

    /**
     * Ends a lost task and fences its worker, or withdraws a task that no worker has claimed. The write lock is held
     * for the decision, so a report or a claim that was committed just before prevents it.
     */
    private void end(DefaultStepContext<I> context, boolean withdraws) {
        run.journal().commit((scope, sequence) -> {
            StepTaskRow task = task(scope.sagas(), context);
            if (task.outcome().isPresent()) {
                return;
            }
            if (!task.wasTaken()) {
                if (withdraws) {
                    scope.sagas().endWork(task.id(), Outcome.WITHDRAWN, null, sequence);
                }
            } else if (task.claim()
                    .map(claim -> run.parts().claims().endIfFree(scope, claim, sequence))
                    .orElse(true)) {
                scope.sagas().endWork(task.id(), Outcome.LOST, null, sequence);
            }
        });
    }
}
