package dev.fencepost.internal.saga;

import dev.fencepost.Claim;
import dev.fencepost.Key;
import dev.fencepost.internal.saga.SagaPlanner.Action;
import dev.fencepost.internal.sql.SagaRow;
import dev.fencepost.internal.util.Deadline;
import dev.fencepost.saga.JournalEntry;
import dev.fencepost.saga.SagaDefinition;
import dev.fencepost.saga.SagaStep;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

/**
 * A coordinator's run of one saga: from the state in the journal until the saga has ended or is stuck. The run holds
 * the saga's claim. A coordinator that has lost the claim is fenced at its next entry, and the exception ends the run.
 */
final class SagaExecution<I> {
    private static final int RENEWED_IN_A_HOLD = 3;

    private final SagaDefinition<I> definition;
    private final SagaRow saga;
    private final I input;
    private final SagaJournal journal;
    private final Tools tools;
    private final Driving driving;
    private final SagaPlanner<I> planner;
    private final long epoch;
    /** The state of the saga. It is updated only while no step runs, because steps read it on threads of their own. */
    private final SagaProgress progress;

    /** True once a pivot is done. Threads that wait for news of the saga read it while the progress is updated. */
    private volatile boolean pastPivot;

    /** True once a step of the group has ended without being done, so that no other step begins a new attempt. */
    private volatile boolean failing;

    /** True while steps in doubt are settled, before the saga rolls back. */
    private volatile boolean settling;

    /** The names of the steps that an earlier coordinator may have begun without a journal entry. */
    private final Set<String> perhapsBegun;

    /** The other parts of the store that a run uses. */
    record Tools(StepTaskQueue desk, InstantSource clock, StoredTexts texts, Underway underway) {}

    /** A saga with its definition and its decoded input. */
    record Subject<I>(SagaDefinition<I> definition, SagaRow saga, I input) {}

    SagaExecution(Subject<I> subject, Claim claim, SagaJournal journal, Tools tools, Driving driving) {
        this.definition = subject.definition();
        this.saga = subject.saga();
        this.input = subject.input();
        this.journal = journal;
        this.tools = tools;
        this.driving = driving;
        this.epoch = claim.epoch(Key.text(saga.key()));
        this.progress = journal.progress();
        this.planner = new SagaPlanner<>(definition, saga.deadline());
        this.pastPivot = planner.isPastPivot(progress);
        this.perhapsBegun = driving.resumes(epoch)
                ? planner.nextSteps(progress).stream().map(SagaStep::name).collect(Collectors.toSet())
                : Set.of();
    }

    /**
     * Returns whether each attempt at a store step is journaled before it begins. An earlier coordinator may have died
     * in the step without leaving an entry. So after a takeover its attempts are journaled: a step that ends its
     * process is not tried without bound.
     */
    boolean countsBeginnings(SagaStep<I, ?> step) {
        return perhapsBegun.contains(step.name());
    }

    SagaJournal journal() {
        return journal;
    }

    StepTaskQueue desk() {
        return tools.desk();
    }

    StoredTexts texts() {
        return tools.texts();
    }

    /** Checks that the store is not closing, because nothing may begin then. */
    void demandOpen() {
        tools.underway().demandOpen();
    }

    /** Waits before the next attempt. */
    void pause(Deadline delay, BooleanSupplier ends) {
        tools.desk().pause(this, delay, ends);
    }

    /** Notes that the run waits, so that it does not count as a running saga. */
    void paused() {
        driving.onWait().run();
    }

    /**
     * Notes that the run waits for another agent's report.
     *
     * @throws Parked if the run is not to wait for other agents
     */
    void waits() {
        if (driving.parks()) {
            throw new Parked();
        }
        paused();
    }

    SagaRow saga() {
        return saga;
    }

    DefaultStepContext<I> context(SagaStep<I, ?> step, int attempt, boolean undo) {
        return new DefaultStepContext<>(saga, step.name(), input, attempt, undo, epoch, progress.outputs());
    }

    /** Runs the saga until it has ended or is stuck. */
    void drive() {
        boolean goesOn = !differs();
        Map<SagaStep<I, ?>, StepResult> results = Map.of();
        while (goesOn) {
            Action<I> action = planner.next(progress, results, tools.clock().millis());
            results = Map.of();
            if (action instanceof Action.Run<I> group) {
                demandOpen();
                results = together(group.steps());
            } else if (action instanceof Action.AwaitReports) {
                throw new Parked();
            } else if (action instanceof Action.RollBack<I> back) {
                goesOn = rollBack(back);
            } else if (action instanceof Action.Compensate<I> compensation) {
                compensate(compensation.steps());
                goesOn = false;
            } else if (action instanceof Action.Stop<I> stop) {
                goesOn = stuckAt(stop.step(), stop.reason());
            } else {
                demandOpen();
                goesOn = !completed();
            }
            if (goesOn) {
                updateProgress();
            }
        }
    }

    /** Returns whether the definition differs from the one that the saga began with. If so, the saga becomes stuck. */
    private boolean differs() {
        Set<String> begun = progress.begun();
        if (begun.isEmpty()) {
            return false;
        }
        boolean offers = begun.stream().anyMatch(step -> progress.step(step).begunOutside());
        Set<String> offered = offers ? desk().offered(saga.id()) : Set.of();
        Optional<DefinitionCheck.Mismatch> found = new DefinitionCheck<>(definition, progress, offered).find();
        found.ifPresent(mismatch -> journal.end(JournalEntry.Type.STUCK, mismatch.step(), mismatch.reason(), false));
        return found.isPresent();
    }

    /** Folds the entries that were appended since, also by agents that request a cancellation. */
    private void updateProgress() {
        journal.progress();
        pastPivot = planner.isPastPivot(progress);
    }

    private boolean isLate() {
        return SagaPlanner.isLate(saga.deadline(), tools.clock().millis());
    }

    /**
     * Returns whether no further attempt should begin. Checked before each attempt; the commit of an entry checks for a
     * cancellation and for failed steps again.
     */
    boolean halts() {
        return failing || (!settling && journal.hasGivenUp()) || (heedsCancel() && (isLate() || journal.isCancelled()));
    }

    /** Returns the interval at which to renew the claim while nothing is written. */
    Duration renewEvery() {
        return definition.lease().maxHold().dividedBy(RENEWED_IN_A_HOLD);
    }

    /** Returns whether to withdraw tasks that no worker has claimed. */
    boolean wantsWorkBack() {
        return settling || halts();
    }

    /**
     * Returns whether a cancellation must stop an entry. It does not stop settling a step, and not a saga after its
     * pivot.
     */
    boolean heedsCancel() {
        return !settling && !pastPivot;
    }

    /** Completes the saga; returns false if a cancellation was requested before. */
    private boolean completed() {
        try {
            journal.end(JournalEntry.Type.COMPLETED, null, null, heedsCancel());
            return true;
        } catch (SagaHaltedSignal e) {
            return false;
        }
    }

    private boolean stuckAt(SagaStep<I, ?> step, String reason) {
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
        settling = true;
        // Settling may run an idempotent step again, which a failure must not prevent.
        failing = false;
        try {
            for (SagaStep<I, ?> step : back.inDoubt()) {
                Optional<String> unknown = stepRun(step).settleToTurnBack();
                if (unknown.isPresent() && planner.requiresKnownOutcome(step)) {
                    return stuckAt(step, unknown.get());
                }
            }
        } finally {
            settling = false;
        }
        updateProgress();
        // If a pivot turned out to be done, the saga continues forward.
        if (!pastPivot) {
            journal.append(JournalEntry.Type.COMPENSATING, null, 0, back.reason());
        }
        return true;
    }

    /**
     * Runs the steps of a group at the same time, and waits for all of them, even if one fails. A step that is left
     * running could be done when the saga has rolled back or is stuck.
     */
    private Map<SagaStep<I, ?>, StepResult> together(List<SagaStep<I, ?>> group) {
        failing = false;
        journal.beginGroup(group.stream().anyMatch(step -> stepRun(step).isOver()));
        Map<SagaStep<I, ?>, StepResult> results = new LinkedHashMap<>();
        List<FutureTask<StepResult>> tasks = new ArrayList<>();
        for (SagaStep<I, ?> step : group.subList(1, group.size())) {
            FutureTask<StepResult> task = new FutureTask<>(() -> forward(step));
            Thread thread = new Thread(task, "fencepost-saga-" + saga.saga() + "-" + step.name());
            thread.setDaemon(true);
            thread.start();
            tasks.add(task);
        }
        Throwable failure = null;
        try {
            results.put(group.get(0), forward(group.get(0)));
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

    private StepResult forward(SagaStep<I, ?> step) {
        boolean ended = false;
        try {
            StepResult result = stepRun(step).forward();
            ended = !result.isFailure();
            return result;
        } finally {
            if (!ended) {
                // Also after an exception, which ends the whole run.
                failing = true;
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

    private <O> StepRun<I, O> stepRun(SagaStep<I, O> step) {
        return new StepRun<>(this, step, progress.step(step));
    }

    private void compensate(List<SagaStep<I, ?>> steps) {
        for (SagaStep<I, ?> step : steps) {
            Optional<String> failed = undoRun(step).undo();
            if (failed.isPresent()) {
                stuckAt(step, failed.get());
                return;
            }
        }
        journal.end(JournalEntry.Type.COMPENSATED, null, null, false);
    }

    private <O> UndoRun<I, O> undoRun(SagaStep<I, O> step) {
        return new UndoRun<>(this, step, progress.step(step));
    }
}
