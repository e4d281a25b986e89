package dev.fencepost.internal.saga;

import dev.fencepost.Arguments;
import dev.fencepost.InvalidInputException;
import dev.fencepost.SagaStep;
import dev.fencepost.StepContext;
import dev.fencepost.internal.sql.SagaRow;
import java.util.Map;
import java.util.Optional;

/** What a step is told. */
record DefaultStepContext<I>(
        SagaRow row, String step, I input, int attempt, boolean undo, long epoch, Map<String, String> outputs)
        implements StepContext<I> {
    @Override
    public String saga() {
        return row.saga();
    }

    @Override
    public String idempotencyKey() {
        return idempotencyKey(row.saga(), row.begunSequence(), step, undo);
    }

    /** Two sagas of one name, of which the first was forgotten, differ in when they began. */
    static String idempotencyKey(String saga, long begun, String step, boolean undo) {
        return saga + "/" + step + "/" + begun + (undo ? "/undo" : "");
    }

    @Override
    public <O> O output(SagaStep<? super I, O> earlier) {
        Arguments.required(earlier, "step");
        return Optional.ofNullable(outputs.get(earlier.name()))
                .map(earlier.codec()::decode)
                .orElseThrow(() -> new InvalidInputException("The step '" + earlier.name() + "' of the saga '" + saga()
                        + "' is not done; ask only for what steps before this one gave"));
    }
}
