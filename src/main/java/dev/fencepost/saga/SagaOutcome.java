package dev.fencepost.saga;

import java.util.Map;
import java.util.Optional;

/**
 * The outcome of a saga that has ended or is stuck.
 *
 * @param state {@link SagaState#COMPLETED}, {@link SagaState#COMPENSATED}, {@link SagaState#RESOLVED} or
 *     {@link SagaState#STUCK}
 * @param reason the reason why it rolled back, was ended by hand, or is stuck
 * @param outputs the outputs of the steps that are done, as text, by the steps' names
 */
public record SagaOutcome(String saga, SagaState state, Optional<String> reason, Map<String, String> outputs) {
    public SagaOutcome {
        outputs = Map.copyOf(outputs);
    }

    /** Returns whether all steps are done. */
    public boolean completed() {
        return state == SagaState.COMPLETED;
    }

    /**
     * Returns the output of a step.
     *
     * @return empty if the step was not done
     */
    public <O> Optional<O> output(SagaStep<?, O> step) {
        return Optional.ofNullable(outputs.get(step.name())).map(step.codec()::decode);
    }
}
