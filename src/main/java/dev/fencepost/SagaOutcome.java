package dev.fencepost;

import java.util.Map;
import java.util.Optional;

/**
 * How a saga ended, or why it cannot go on.
 *
 * @param state {@link SagaState#COMPLETED}, {@link SagaState#COMPENSATED}, {@link SagaState#RESOLVED} or
 *     {@link SagaState#STUCK}
 * @param reason why it was undone, ended by hand, or is stuck
 * @param outputs of the steps that are done, as text, by their names
 */
public record SagaOutcome(String saga, SagaState state, Optional<String> reason, Map<String, String> outputs) {
    public SagaOutcome {
        outputs = Map.copyOf(outputs);
    }

    /** Whether all steps are done. */
    public boolean completed() {
        return state == SagaState.COMPLETED;
    }

    /**
     * What a step gave.
     *
     * @return empty if the step was not done
     */
    public <O> Optional<O> output(SagaStep<?, O> step) {
        return Optional.ofNullable(outputs.get(step.name())).map(step.codec()::decode);
    }
}
