package dev.fencepost.internal.saga;

import dev.fencepost.InvalidInputException;
import dev.fencepost.internal.sql.SagaRow;
import dev.fencepost.internal.util.Arguments;
import dev.fencepost.saga.SagaStep;
import dev.fencepost.saga.StepContext;
import java.util.Map;
import java.util.Optional;

/** The context in which the functions of a step run. */
record DefaultStepContext<I>(
        SagaRow row, String step, I input, int attempt, boolean isCompensation, long epoch, Map<String, String> outputs)
        implements StepContext<I> {
    @Override
    public String saga() {
        return row.saga();
    }

    @Override
    public String idempotencyKey() {
        return idempotencyKey(row.saga(), row.begunSequence(), step, isCompensation);
    }

    /**
     * Returns the idempotency key of a step. A name can be used again once its saga is forgotten, so the key contains
     * the sequence at which the saga began.
     */
    static String idempotencyKey(String saga, long begun, String step, boolean isCompensation) {
        return saga + "/" + step + "/" + begun + (isCompensation ? "/undo" : "");
    }

    @Override
    public <O> O output(SagaStep<? super I, O> earlier) {
        Arguments.required(earlier, "step");
        return Optional.ofNullable(outputs.get(earlier.name()))
                .map(earlier.codec()::decode)
                .orElseThrow(() -> new InvalidInputException("The step '" + earlier.name() + "' of the saga '" + saga()
                        + "' is not done; use only outputs of earlier steps"));
    }
}
