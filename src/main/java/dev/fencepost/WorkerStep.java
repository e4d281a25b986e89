package dev.fencepost;

import java.util.Optional;
import java.util.function.Function;

/**
 * A step that another agent carries out. It is offered as work under a role; whoever asks for that role takes it under a
 * claim of its own, and reports under that claim, so that the report of one who was taken for dead is refused. Its
 * undoing is offered the same way. Immutable.
 *
 * @param role who is asked, such as 'warehouse': up to 128 bytes of UTF-8 without control characters
 * @param input what the agent is told
 * @param compensationInput what it is told when the step is to be undone; a step without one has nothing to undo
 * @param isIdempotent whether another agent may do it after one who took it and did not report
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

    /** A step for whoever has the role. */
    public static <I> WorkerStep<I> of(String name, String role, Function<StepContext<I>, String> input) {
        return new WorkerStep<>(
                name, role, input, Optional.empty(), false, false, SagaStep.standardRetry(), SagaStep.standardRetry());
    }

    /** The same, undone by the same role, which is told this. It must be idempotent. */
    public WorkerStep<I> compensatedBy(Function<StepContext<I>, String> told) {
        Arguments.required(told, "told");
        return new WorkerStep<>(
                name, role, input, Optional.of(told), isIdempotent, compensatesUnknown, retry, compensationRetry);
    }

    /** The same; another agent may do it after one who took it and did not report. */
    public WorkerStep<I> idempotent() {
        return new WorkerStep<>(
                name, role, input, compensationInput, true, compensatesUnknown, retry, compensationRetry);
    }

    /** The same; it may be undone where nobody knows whether it happened. */
    public WorkerStep<I> compensateIfUnknown() {
        return new WorkerStep<>(name, role, input, compensationInput, isIdempotent, true, retry, compensationRetry);
    }

    /** The same, tried like this. */
    public WorkerStep<I> retry(RetryPolicy policy) {
        return new WorkerStep<>(
                name, role, input, compensationInput, isIdempotent, compensatesUnknown, policy, compensationRetry);
    }

    /** The same, its undoing tried like this. */
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
