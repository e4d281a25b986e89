package dev.fencepost.internal.saga;

import dev.fencepost.internal.saga.SagaProgress.Phase;
import dev.fencepost.internal.saga.SagaProgress.StepState;
import dev.fencepost.saga.SagaDefinition;
import dev.fencepost.saga.SagaStep;
import dev.fencepost.saga.StoreStep;
import dev.fencepost.saga.WorkerStep;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Compares the journal of a saga with its definition. They differ if the steps of the definition were changed without a
 * new version. To continue then could leave out a step or its compensation.
 */
final class DefinitionCheck<I> {
    /**
     * A difference between the journal and the definition.
     *
     * @param step the name of the first step that it concerns
     */
    record Mismatch(String step, String reason) {}

    private final SagaDefinition<I> definition;
    private final SagaProgress progress;
    private final Set<String> offered;

    /**
     * Creates a check.
     *
     * @param offered the names of the steps whose tasks were offered to workers
     */
    DefinitionCheck(SagaDefinition<I> definition, SagaProgress progress, Set<String> offered) {
        this.definition = definition;
        this.progress = progress;
        this.offered = offered;
    }

    Optional<Mismatch> find() {
        return missing().or(this::changed).or(this::outOfOrder);
    }

    private Optional<Mismatch> missing() {
        List<String> known = definition.steps().stream().map(SagaStep::name).toList();
        List<String> missing = progress.begun().stream()
                .filter(step -> !known.contains(step) && isNeeded(progress.step(step)))
                .toList();
        return missing.isEmpty()
                ? Optional.empty()
                : mismatch(
                        missing.get(0),
                        "has no step '" + String.join("', '", missing) + "', which this saga" + " started");
    }

    private Optional<Mismatch> changed() {
        return definition.steps().stream()
                .filter(step -> progress.begun().contains(step.name()) && isNeeded(progress.step(step)))
                .filter(this::isOfAnotherKind)
                .findFirst()
                .flatMap(step -> mismatch(
                        step.name(),
                        "has the step '" + step.name() + "' as a " + kind(step)
                                + ", but this saga started it as a step of another kind"));
    }

    /**
     * Returns whether the saga began a step as one of another kind. The journal does not record the kind. It shows
     * which steps began outside the store, and the tasks show which of these were offered to workers.
     */
    private boolean isOfAnotherKind(SagaStep<I, ?> step) {
        StepState state = progress.step(step);
        if (step instanceof StoreStep) {
            return state.startedOutside();
        }
        boolean inStore = !state.startedOutside() && (state.doneOnce() || state.phase() == Phase.TRIED);
        return inStore || (state.startedOutside() && (step instanceof WorkerStep) != offered.contains(step.name()));
    }

    private static String kind(SagaStep<?, ?> step) {
        return step instanceof StoreStep ? "store step" : step instanceof WorkerStep ? "worker step" : "external step";
    }

    /**
     * Finds a step that began although a step of an earlier group is neither done nor skipped. A rollback follows the
     * journal alone, so it needs no order in the definition.
     */
    private Optional<Mismatch> outOfOrder() {
        if (progress.compensating()) {
            return Optional.empty();
        }
        Optional<SagaStep<I, ?>> open = Optional.empty();
        for (List<SagaStep<I, ?>> group : definition.groups()) {
            Optional<SagaStep<I, ?>> begun = group.stream()
                    .filter(step -> progress.step(step).phase() != Phase.IDLE)
                    .findFirst();
            if (open.isPresent() && begun.isPresent()) {
                return mismatch(
                        open.get().name(),
                        "has the step '" + open.get().name() + "' before '"
                                + begun.get().name() + "', which this saga started without it");
            }
            open = open.or(() -> group.stream()
                    .filter(step -> !progress.step(step).phase().isDoneOrSkipped())
                    .findFirst());
        }
        return Optional.empty();
    }

    /** Returns whether the saga may still need a step. It no longer needs a step that is compensated or skipped. */
    private static boolean isNeeded(StepState step) {
        return step.phase() != Phase.COMPENSATED && step.phase() != Phase.SKIPPED;
    }

    private Optional<Mismatch> mismatch(String step, String what) {
        return Optional.of(new Mismatch(
                step,
                "the definition '" + definition.name() + "' version " + definition.version() + " " + what
                        + ". Run it with its original definition and retry, or skip the step, or resolve the saga."
                        + " Changed steps need a new version"));
    }
}
