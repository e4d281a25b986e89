package dev.fencepost.internal.saga;

import dev.fencepost.FencedException;
import dev.fencepost.StoreClosedException;
import dev.fencepost.internal.read.CommitNotifier;
import dev.fencepost.internal.sql.SagaRow;
import dev.fencepost.internal.util.Deadline;
import dev.fencepost.saga.SagaDefinition;
import dev.fencepost.saga.SagaStep;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

/**
 * The state of a coordinator's run of a saga that its steps share: whether they may begin, how they wait, and what their
 * functions see. Safe for use by many threads; but the progress is updated only while no step runs.
 */
final class SagaRun<I> {
    private static final int RENEWALS_PER_HOLD = 3;

    /** The mean interval, while waiting, between checks of the claim, of the worker and of the saga. */
    static final Duration CHECK_INTERVAL = Duration.ofMillis(250);

    private final SagaDefinition<I> definition;
    private final I input;
    private final SagaJournal journal;
    private final SagaParts parts;
    private final DriveSettings settings;
    private final SagaPlanner<I> planner;
    private final SagaProgress progress;

    /** The names of the steps that an earlier coordinator may have begun without a journal entry. */
    private final Set<String> maybeStarted;

    /** True once a pivot is done. Threads that wait for news of the saga read it while the progress is updated. */
    private volatile boolean pastPivot;

    /** True once a step of the group has ended without being done, so that no other step begins a new attempt. */
    private volatile boolean failing;

    /** True while steps in doubt are settled, before the saga rolls back. */
    private volatile boolean settling;

    SagaRun(SagaDefinition<I> definition, I input, SagaJournal journal, SagaParts parts, DriveSettings settings) {
        this.definition = definition;
        this.input = input;
        this.journal = journal;
        this.parts = parts;
        this.settings = settings;
        this.planner = new SagaPlanner<>(definition, saga().deadline());
        this.progress = journal.progress();
        this.pastPivot = planner.isPastPivot(progress);
        this.maybeStarted = settings.resumes(journal.epoch())
                ? planner.nextSteps(progress).stream().map(SagaStep::name).collect(Collectors.toSet())
                : Set.of();
    }

    SagaDefinition<I> definition() {
        return definition;
    }

    SagaRow saga() {
        return journal.saga();
    }

    SagaJournal journal() {
        return journal;
    }

    SagaParts parts() {
        return parts;
    }

    StoredTexts texts() {
        return parts.texts();
    }

    SagaPlanner<I> planner() {
        return planner;
    }

    SagaProgress progress() {
        return progress;
    }

    /** Folds the entries that were appended since, also by agents that request a cancellation. */
    void updateProgress() {
        journal.progress();
        pastPivot = planner.isPastPivot(progress);
    }

    DefaultStepContext<I> context(SagaStep<I, ?> step, int attempt, boolean isCompensation) {
        return new DefaultStepContext<>(
                saga(), step.name(), input, attempt, isCompensation, journal.epoch(), progress.outputs());
    }

    /**
     * Begins a group of steps.
     *
     * @param failed whether the journal already shows that one of them will not be done
     */
    void beginGroup(boolean failed) {
        failing = false;
        journal.beginGroup(failed);
    }

    /** Notes that a step of the group has ended without being done. */
    void noteFailure() {
        failing = true;
    }

    /** Begins or ends the settlement of steps in doubt. It may run a step again, which a failure must not prevent. */
    void setSettling(boolean settles) {
        failing = false;
        settling = settles;
    }

    boolean isPastPivot() {
        return pastPivot;
    }

    /**
     * Returns whether each attempt at a store step is journaled before it begins. An earlier coordinator may have died
     * in the step without leaving an entry. So after a takeover its attempts are journaled: a step that ends its
     * process is not tried without bound.
     */
    boolean journalsStarts(SagaStep<I, ?> step) {
        return maybeStarted.contains(step.name());
    }

    /**
     * Returns whether no further attempt should begin. Checked before each attempt; the commit of an entry checks for a
     * cancellation and for failed steps again.
     */
    boolean halts() {
        boolean isLate = SagaPlanner.isLate(saga().deadline(), parts.now());
        return failing || (!settling && journal.hasGivenUp()) || (heedsCancel() && (isLate || journal.isCancelled()));
    }

    /**
     * Returns whether a cancellation must stop an entry. It does not stop settling a step, and not a saga after its
     * pivot.
     */
    boolean heedsCancel() {
        return !settling && !pastPivot;
    }

    /** Returns whether to withdraw tasks that no worker has claimed. */
    boolean withdrawsTasks() {
        return settling || halts();
    }

    /**
     * Notes that the run waits for another agent's report.
     *
     * @throws SagaParkedSignal if the run is not to wait for other agents
     */
    void awaitReport() {
        if (settings.parks()) {
            throw new SagaParkedSignal();
        }
        settings.onWait().run();
    }

    /**
     * Waits before the next attempt, and keeps the claim meanwhile.
     *
     * @param ends whether to end the wait before the delay is over
     * @throws FencedException if the saga was taken over
     * @throws StoreClosedException if the store is closing
     */
    void pause(Deadline delay, BooleanSupplier ends) {
        if (delay.remaining().compareTo(CHECK_INTERVAL) <= 0) {
            delay.toTheEnd("to try again");
            return;
        }
        settings.onWait().run();
        ClaimKeeper keeper = new ClaimKeeper();
        try (CommitNotifier.Listener listener = parts.notifier()
                .listen(
                        List.of(saga().key(), RunningSagas.CLOSING),
                        () -> parts.runningSagas().isClosing() || ends.getAsBoolean() || !isHeld())) {
            while (!delay.over() && !ends.getAsBoolean()) {
                parts.runningSagas().demandOpen();
                keeper.keep();
                delay.sleepJittered(CHECK_INTERVAL, listener, "to try again");
            }
        }
    }

    private boolean isHeld() {
        try {
            parts.claims().held(journal.token());
            return true;
        } catch (FencedException e) {
            return false;
        }
    }

    /** Keeps the claim on the saga during one wait. Waiting counts as progress, so it renews the claim. */
    final class ClaimKeeper {
        private final Duration interval = definition.lease().maxHold().dividedBy(RENEWALS_PER_HOLD);
        private Deadline due = Deadline.after(interval);

        /**
         * Checks the claim, and renews it if that is due.
         *
         * @throws FencedException if the saga was taken over
         */
        void keep() {
            parts.claims().held(journal.token());
            if (due.over()) {
                journal.renew();
                due = Deadline.after(interval);
            }
        }
    }
}
