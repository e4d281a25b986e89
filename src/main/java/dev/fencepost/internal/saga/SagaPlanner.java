package dev.fencepost.internal.saga;

import dev.fencepost.internal.saga.SagaProgress.Phase;
import dev.fencepost.internal.saga.SagaProgress.StepState;
import dev.fencepost.saga.SagaDefinition;
import dev.fencepost.saga.SagaStep;
import dev.fencepost.saga.WorkerStep;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The decisions about a saga: its definition and its progress determine its next action. Reads neither the file nor a
 * clock. Immutable.
 */
final class SagaPlanner<I> {
    private final SagaDefinition<I> definition;
    private final Optional<Long> deadline;

    /** The next action of a saga. */
    sealed interface Action<I> {
        /** Run these steps, which may run at the same time. */
        record Run<I>(List<SagaStep<I, ?>> steps) implements Action<I> {}

        /** Wait until another agent reports the outcome of a step. */
        record AwaitReports<I>() implements Action<I> {}

        /** Settle these steps in doubt. Then begin to roll back, unless a pivot has turned out to be done. */
        record RollBack<I>(List<SagaStep<I, ?>> inDoubt, String reason) implements Action<I> {}

        /** Compensate these steps, one after the other, and end the saga as compensated. */
        record Compensate<I>(List<SagaStep<I, ?>> steps) implements Action<I> {}

        /** End the saga as completed. */
        record Complete<I>() implements Action<I> {}

        /** Leave the saga to an operator, as stuck at this step. */
        record Stop<I>(SagaStep<I, ?> step, String reason) implements Action<I> {}
    }

    /**
     * Creates a planner.
     *
     * @param deadline the time at which an uncompleted saga rolls back, in milliseconds of the store's clock
     */
    SagaPlanner(SagaDefinition<I> definition, Optional<Long> deadline) {
        this.definition = definition;
        this.deadline = deadline;
    }

    /**
     * Returns the next action.
     *
     * @param results the results of the steps that this coordinator has just run; empty if there are none
     * @param now the time in milliseconds of the store's clock
     */
    Action<I> next(SagaProgress progress, Map<SagaStep<I, ?>, StepResult> results, long now) {
        if (progress.compensating()) {
            return new Action.Compensate<>(toCompensate(progress));
        }
        // A stuck step is handled first: an operator must decide about it before the saga can roll back.
        Optional<Map.Entry<SagaStep<I, ?>, StepResult>> stuck = first(results, StepResult.Kind.STUCK);
        if (stuck.isPresent()) {
            return stop(stuck.get());
        }
        Optional<Map.Entry<SagaStep<I, ?>, StepResult>> givenUp = first(results, StepResult.Kind.GIVEN_UP);
        if (givenUp.isPresent()) {
            // After a pivot nothing may be compensated, so an operator must decide.
            return isPastPivot(progress)
                    ? stop(givenUp.get())
                    : rollBack(
                            progress,
                            givenUp.get().getKey().name() + ": "
                                    + givenUp.get().getValue().reason());
        }
        if (first(results, StepResult.Kind.PARKED).isPresent()) {
            return new Action.AwaitReports<>();
        }
        Optional<String> unwanted = isPastPivot(progress) ? Optional.empty() : reasonToEnd(progress, deadline, now);
        if (unwanted.isPresent()) {
            return rollBack(progress, unwanted.get());
        }
        List<SagaStep<I, ?>> open = openGroup(progress);
        return open.isEmpty() ? new Action.Complete<>() : new Action.Run<>(open);
    }

    private static <I> Optional<Map.Entry<SagaStep<I, ?>, StepResult>> first(
            Map<SagaStep<I, ?>, StepResult> results, StepResult.Kind kind) {
        return results.entrySet().stream()
                .filter(result -> result.getValue().kind() == kind)
                .findFirst();
    }

    private static <I> Action<I> stop(Map.Entry<SagaStep<I, ?>, StepResult> result) {
        return new Action.Stop<>(result.getKey(), result.getValue().reason());
    }

    private Action<I> rollBack(SagaProgress progress, String reason) {
        return new Action.RollBack<>(inDoubt(progress), reason);
    }

    /** Returns the steps to run next or, if the saga rolls back, the step to compensate next. */
    List<SagaStep<I, ?>> nextSteps(SagaProgress progress) {
        return progress.compensating()
                ? toCompensate(progress).stream().limit(1).toList()
                : openGroup(progress);
    }

    /** Returns the steps of the first group that is not over, without those that are done or skipped. */
    private List<SagaStep<I, ?>> openGroup(SagaProgress progress) {
        return definition.groups().stream()
                .map(group -> group.stream()
                        .filter(step -> !progress.step(step).phase().isDoneOrSkipped())
                        .toList())
                .filter(group -> !group.isEmpty())
                .findFirst()
                .orElse(List.of());
    }

    /** Returns whether a pivot is done. A pivot that an operator skipped does not count. */
    boolean isPastPivot(SagaProgress progress) {
        return definition.pivots().stream().anyMatch(step -> progress.step(step).phase() == Phase.DONE);
    }

    /** Returns the reason to end a saga although no step failed; empty if there is none. */
    static Optional<String> reasonToEnd(SagaProgress progress, Optional<Long> deadline, long now) {
        Optional<String> cancelled =
                progress.cancelled().map(note -> note.isEmpty() ? "cancelled" : "cancelled: " + note);
        return cancelled.or(() -> isLate(deadline, now) ? Optional.of("its deadline has passed") : Optional.empty());
    }

    /** Returns whether a deadline has passed. */
    static boolean isLate(Optional<Long> deadline, long now) {
        return deadline.filter(at -> at <= now).isPresent();
    }

    /**
     * Returns the steps that remain to be compensated, in reverse order of completion. These are the steps that are
     * done, and the steps in doubt whose compensation is safe then. Steps in doubt count as completed last.
     */
    List<SagaStep<I, ?>> toCompensate(SagaProgress progress) {
        List<SagaStep<I, ?>> done = new ArrayList<>();
        List<SagaStep<I, ?>> inDoubt = new ArrayList<>();
        for (SagaStep<I, ?> step : definition.steps()) {
            StepState state = progress.step(step);
            boolean remains =
                    step.hasCompensation() && state.phase() != Phase.COMPENSATED && state.phase() != Phase.SKIPPED;
            if (remains && state.doneOnce()) {
                done.add(step);
            } else if (remains && (state.inDoubt() || state.compensationAttempt() > 0) && step.compensatesUnknown()) {
                // A retry of the compensation by an operator ends the doubt. The step must still be compensated.
                inDoubt.add(step);
            }
        }
        done.sort(Comparator.comparingLong(step -> progress.step(step).doneAt()));
        done.addAll(inDoubt);
        Collections.reverse(done);
        return done;
    }

    /**
     * Returns the steps in doubt that must be settled before the saga rolls back. An open task is one of them even if
     * its outcome does not matter: a worker could still do it after the compensations.
     */
    private List<SagaStep<I, ?>> inDoubt(SagaProgress progress) {
        return definition.steps().stream()
                .filter(step -> progress.step(step).inDoubt())
                .filter(step ->
                        (step instanceof WorkerStep && progress.step(step).phase() == Phase.STARTED)
                                || requiresKnownOutcome(step))
                .toList();
    }

    /**
     * Returns whether the saga can roll back only if it knows the outcome of this step. After a pivot it may not roll
     * back. Most compensations are safe only for a step that happened.
     */
    boolean requiresKnownOutcome(SagaStep<I, ?> step) {
        return definition.pivots().contains(step.name()) || (step.hasCompensation() && !step.compensatesUnknown());
    }
}
