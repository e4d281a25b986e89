package dev.fencepost.saga;

import dev.fencepost.Codec;
import dev.fencepost.RetryPolicy;
import dev.fencepost.internal.util.Arguments;
import dev.fencepost.internal.util.Names;
import java.util.Optional;
import java.util.function.Function;

/**
 * A step that another agent carries out. The coordinator offers its task under a role. A worker with that role claims
 * the task and reports under its own claim. The late report of a worker that lost its claim is refused. Compensation is
 * offered the same way. Immutable.
 *
 * @param role the role of the workers, such as 'warehouse': up to 128 bytes of UTF-8 without control characters
 * @param input computes the input of the task
 * @param compensationInput computes the input of the compensation task; a step without one needs no compensation
 * @param isIdempotent whether another agent may claim the task after one that claimed it and did not report
 * @param compensatesUnknown see {@link SagaStep#compensatesUnknown}
 */
public record WorkerStep<I>(
        String name,
        String role,
        Function<StepContext<I>, String> input,
        Optional<Function<StepContext<I>, String>> compensationInput,
        boolean isIdempotent,
        boolean compensatesUnknown,
        RetryPolicy retry,
        RetryPolicy compensationRetry)
        implements SagaStep<I, String> {
    public WorkerStep {
        Arguments.required(input, "input");
        Arguments.required(compensationInput, "compensationInput");
        Arguments.required(retry, "retry");
        Arguments.required(compensationRetry, "compensationRetry");
        Names.checkStep(name);
        Names.checkRole(role);
    }

    /** Creates a step for workers with a role. */
    public static <I> WorkerStep<I> of(String name, String role, Function<StepContext<I>, String> input) {
        return new WorkerStep<>(
                name, role, input, Optional.empty(), false, false, SagaStep.standardRetry(), SagaStep.standardRetry());
    }

    /** Returns a copy that workers with the same role compensate, with this input. Compensation must be idempotent. */
    public WorkerStep<I> compensatedBy(Function<StepContext<I>, String> told) {
        Arguments.required(told, "told");
        return new WorkerStep<>(
                name, role, input, Optional.of(told), isIdempotent, compensatesUnknown, retry, compensationRetry);
    }

    /** Returns a copy whose task another agent may claim after one that claimed it and did not report. */
    public WorkerStep<I> idempotent() {
        return new WorkerStep<>(
                name, role, input, compensationInput, true, compensatesUnknown, retry, compensationRetry);
    }

    /** Returns a copy that may be compensated while its outcome is in doubt. */
    public WorkerStep<I> compensateIfUnknown() {
        return new WorkerStep<>(name, role, input, compensationInput, isIdempotent, true, retry, compensationRetry);
    }

    /** Returns a copy with this retry policy. */
    public WorkerStep<I> retry(RetryPolicy policy) {
        return new WorkerStep<>(
                name, role, input, compensationInput, isIdempotent, compensatesUnknown, policy, compensationRetry);
    }

    /** Returns a copy with this retry policy for its compensation. */
    public WorkerStep<I> compensationRetry(RetryPolicy policy) {
        return new WorkerStep<>(name, role, input, compensationInput, isIdempotent, compensatesUnknown, retry, policy);
    }

    @Override
    public Codec<String> codec() {
        return Codec.text();
    }

    @Override
    public boolean hasCompensation() {
        return compensationInput.isPresent();
    }
}
