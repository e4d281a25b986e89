package dev.fencepost.internal.saga;

import dev.fencepost.internal.saga.SagaPlanner.Action;
import dev.fencepost.internal.sql.SagaTables;
import dev.fencepost.internal.sql.SagaTables.Said;
import dev.fencepost.saga.ExternalStep;
import dev.fencepost.saga.JournalEntry;
import dev.fencepost.saga.SagaStep;
import dev.fencepost.saga.StoreStep;
import dev.fencepost.saga.WorkerStep;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * A coordinator's run of one saga: from the state in the journal until the saga has ended or is stuck. The run holds
 * the saga's claim. A coordinator that has lost the claim is fenced at its next entry, and the exception ends the run.
 */
final class SagaExecution<I> {
    private final SagaRun<I> run;
    private final SagaPlanner<I> planner;
    private final SagaProgress progress;
    private final SagaJournal journal;

    SagaExecution(SagaRun<I> run) {
        this.run = run;
        this.planner = run.planner();
        this.progress = run.progress();
        this.journal = run.journal();
    }

    /** Runs the saga until it has ended or is stuck. */
    void drive() {
        boolean goesOn = !stopIfChanged();
        Map<SagaStep<I, ?>, StepResult> results = Map.of();
        while (goesOn) {
            Action<I> action = planner.next(progress, results, run.parts().now());
            results = Map.of();
            if (action instanceof Action.Run<I> group) {
                run.parts().runningSagas().demandOpen();
                results = runGroup(group.steps());
            } else if (action instanceof Action.AwaitReports) {
                throw new SagaParkedSignal();
            } else if (action instanceof Action.RollBack<I> back) {
                goesOn = rollBack(back);
            } else if (action instanceof Action.Compensate<I> compensation) {
                compensate(compensation.steps());
                goesOn = false;
            } else if (action instanceof Action.Stop<I> stop) {
                goesOn = stop(stop.step(), stop.reason());
            } else {
                run.parts().runningSagas().demandOpen();
                goesOn = !completed();
            }
            if (goesOn) {
                run.updateProgress();
            }
        }
    }

    /** Returns whether the definition differs from the one that the saga began with. If so, the saga becomes stuck. */
    private boolean stopIfChanged() {
        Set<String> begun = progress.begun();
        if (begun.isEmpty()) {
            return false;
        }
        boolean offers = begun.stream().anyMatch(step -> progress.step(step).startedOutside());
        Set<String> offered = offers
                ? run.parts()
                        .reads()
                        .read(session ->
                                new SagaTables(session).offeredSteps(run.saga().id()))
                : Set.of();
        Optional<DefinitionCheck.Mismatch> found = new DefinitionCheck<>(run.definition(), progress, offered).find();
        found.ifPresent(mismatch -> journal.end(JournalEntry.Type.STUCK, mismatch.step(), mismatch.reason(), false));
        return found.isPresent();
    }

    /** Completes the saga; returns false if a cancellation was requested before. */
    private boolean completed() {
        try {
            journal.end(JournalEntry.Type.COMPLETED, null, null, run.heedsCancel());
            return true;
        } catch (SagaHaltedSignal e) {
            return false;
        }
    }

    private boolean stop(SagaStep<I, ?> step, String reason) {
        journal.end(JournalEntry.Type.STUCK, step.name(), reason, false);
        return false;
    }

    /**
     * Begins to roll back. Settles the steps in doubt first, as far as their outcome matters. Otherwise a step, even a
     * pivot, could turn out to be done after the compensations have begun.
     *
     * @return whether the saga continues
     */
    private boolean rollBack(Action.RollBack<I> back) {
        run.setSettling(true);
        try {
            for (SagaStep<I, ?> step : back.inDoubt()) {
                Optional<String> unknown = executor(step).resolveUnknown();
                if (unknown.isPresent() && planner.requiresKnownOutcome(step)) {
                    return stop(step, unknown.get());
                }
            }
        } finally {
            run.setSettling(false);
        }
        run.updateProgress();
        // If a pivot turned out to be done, the saga continues forward.
        if (!run.isPastPivot()) {
            journal.append(new Said(JournalEntry.Type.COMPENSATING, null, 0, back.reason()));
        }
        return true;
    }

    /**
     * Runs the steps of a group at the same time, and waits for all of them, even if one fails. A step that is left
     * running could be done when the saga has rolled back or is stuck.
     */
    private Map<SagaStep<I, ?>, StepResult> runGroup(List<SagaStep<I, ?>> group) {
        run.beginGroup(group.stream().anyMatch(step -> executor(step).isOver()));
        Map<SagaStep<I, ?>, StepResult> results = new LinkedHashMap<>();
        List<FutureTask<StepResult>> tasks = new ArrayList<>();
        for (SagaStep<I, ?> step : group.subList(1, group.size())) {
            FutureTask<StepResult> task = new FutureTask<>(() -> execute(step));
            Thread thread = new Thread(task, "fencepost-saga-" + run.saga().saga() + "-" + step.name());
            thread.setDaemon(true);
            thread.start();
            tasks.add(task);
        }
        Throwable failure = null;
        try {
            results.put(group.get(0), execute(group.get(0)));
        } catch (RuntimeException | Error e) {
            failure = e;
        }
        for (int i = 0; i < tasks.size(); i++) {
            try {
                results.put(group.get(i + 1), join(tasks.get(i)));
            } catch (RuntimeException | Error e) {
                failure = failure == null ? e : failure;
            }
        }
        if (failure instanceof Error error) {
            throw error;
        } else if (failure instanceof RuntimeException exception) {
            throw exception;
        }
        return results;
    }

    private StepResult execute(SagaStep<I, ?> step) {
        boolean ended = false;
        try {
            StepResult result = executor(step).execute();
            ended = !result.isFailure();
            return result;
        } finally {
            if (!ended) {
                // Also after an exception, which ends the whole run.
                run.noteFailure();
            }
        }
    }

    /**
     * Waits for a step on another thread, even if interrupted, because that step writes to the same journal. Keeps the
     * thread's interrupt flag.
     */
    private static StepResult join(FutureTask<StepResult> task) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return task.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                } catch (ExecutionException e) {
                    if (e.getCause() instanceof RuntimeException failure) {
                        throw failure;
                    } else if (e.getCause() instanceof Error error) {
                        throw error;
                    }
                    throw new AssertionError("a step threw what it does not declare", e.getCause());
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private StepExecutor<I, ?, ?> executor(SagaStep<I, ?> step) {
        if (step instanceof StoreStep<I, ?> store) {
            return new StoreStepExecutor<>(run, store);
        } else if (step instanceof ExternalStep<I, ?> external) {
            return new ExternalStepExecutor<>(run, external);
        }
        // The output of a worker step is text, so its only type argument is that of the step.
        @SuppressWarnings("unchecked")
        WorkerStep<I> worker = (WorkerStep<I>) step;
        return new WorkerStepExecutor<>(run, worker);
    }

    private void compensate(List<SagaStep<I, ?>> steps) {
        for (SagaStep<I, ?> step : steps) {
            Optional<String> failed = executor(step).compensate();
            if (failed.isPresent()) {
                stop(step, failed.get());
                return;
            }
        }
        journal.end(JournalEntry.Type.COMPENSATED, null, null, false);
    }
}
