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
 * @param undoInput what it is told when the step is to be undone; a step without one has nothing to undo
 * @param idempotent whether another agent may do it after one who took it and did not report
 * @param undoesTheUnknown see {@link SagaStep#undoesTheUnknown}
 */
public record RoleStep<I>(
        String name,
        String role,
        Function<StepContext<I>, String> input,
        Optional<Function<StepContext<I>, String>> undoInput,
        boolean idempotent,
        boolean undoesTheUnknown,
        Retry retry,
        Retry undoRetry)
        implements SagaStep<I, String> {
    public RoleStep {
        Arguments.required(input, "input");
        Arguments.required(undoInput, "undoInput");
        Arguments.required(retry, "retry");
        Arguments.required(undoRetry, "undoRetry");
        Names.checkStep(name);
        Names.checkRole(role);
    }

    /** A step for whoever has the role. */
    public static <I> RoleStep<I> of(String name, String role, Function<StepContext<I>, String> input) {
        return new RoleStep<>(
                name, role, input, Optional.empty(), false, false, SagaStep.standardRetry(), SagaStep.standardRetry());
    }

    /** The same, undone by the same role, which is told this. It must be idempotent. */
    public RoleStep<I> undoneBy(Function<StepContext<I>, String> told) {
        Arguments.required(told, "told");
        return new RoleStep<>(name, role, input, Optional.of(told), idempotent, undoesTheUnknown, retry, undoRetry);
    }

    /** The same; another agent may do it after one who took it and did not report. */
    public RoleStep<I> asIdempotent() {
        return new RoleStep<>(name, role, input, undoInput, true, undoesTheUnknown, retry, undoRetry);
    }

    /** The same; it may be undone where nobody knows whether it happened. */
    public RoleStep<I> undoneIfUnknown() {
        return new RoleStep<>(name, role, input, undoInput, idempotent, true, retry, undoRetry);
    }

    /** The same, tried like this. */
    public RoleStep<I> retry(Retry policy) {
        return new RoleStep<>(name, role, input, undoInput, idempotent, undoesTheUnknown, policy, undoRetry);
    }

    /** The same, its undoing tried like this. */
    public RoleStep<I> undoRetry(Retry policy) {
        return new RoleStep<>(name, role, input, undoInput, idempotent, undoesTheUnknown, retry, policy);
    }

    @Override
    public Codec<String> codec() {
        return Codec.text();
    }

    @Override
    public boolean isUndone() {
        return undoInput.isPresent();
    }
}
