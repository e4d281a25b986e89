package dev.fencepost.saga;

import dev.fencepost.Codec;
import dev.fencepost.RetryPolicy;
import dev.fencepost.internal.util.Arguments;
import dev.fencepost.internal.util.Names;
import java.util.Optional;
import java.util.function.Function;

/**
 * A saga step whose effect is outside the store. The journal records the start of the step before the step runs. So a
 * coordinator that takes the saga over knows that the step is in doubt. It then follows the step's settings: it calls
 * the probe, runs the step again, or shows the saga as stuck. Every attempt has the same idempotency key. Immutable.
 *
 * @param compensation the compensation; empty if the step needs none
 * @param compensationInput the input of the compensation, written to the journal before the step runs
 * @param probe the check for whether an attempt in doubt happened
 * @param isIdempotent whether the step may run again when it is in doubt
 * @param compensatesUnknown see {@link SagaStep#compensatesUnknown}
 */
public record ExternalStep<I, O>(
        String name,
        Codec<O> codec,
        Action<I, O> action,
        Optional<Compensation<I, O>> compensation,
        Function<StepContext<I>, String> compensationInput,
        Optional<Probe<I, O>> probe,
        boolean isIdempotent,
        boolean compensatesUnknown,
        RetryPolicy retry,
        RetryPolicy compensationRetry)
        implements SagaStep<I, O> {
    /** The effect of a step. */
    @FunctionalInterface
    public interface Action<I, O> {
        /**
         * Runs the effect.
         *
         * @throws StepFailedException if it certainly did not happen
         * @throws Exception if it is not known whether it happened
         */
        O run(StepContext<I> context) throws Exception;
    }

    /** The compensation of a step. */
    @FunctionalInterface
    public interface Compensation<I, O> {
        /**
         * Compensates the step. It may run more than once, so it must be idempotent. The context's idempotency key is
         * that of the compensation.
         *
         * @param input the text that was written to the journal before the step ran
         * @param output the output of the step; empty if it is not known whether the step happened
         */
        void run(StepContext<I> context, String input, Optional<O> output) throws Exception;
    }

    /** A check for whether an attempt in doubt happened. */
    @FunctionalInterface
    public interface Probe<I, O> {
        /**
         * Finds out whether the step happened. The context's idempotency key is that of the attempts, and its attempt
         * number is that of the last one.
         *
         * @return {@link ProbeResult.NotExecuted} only if none of the attempts so far can still happen. The call of a
         *     coordinator that was taken for dead may still be under way. If the external system cannot prevent that
         *     call from taking effect, return {@link ProbeResult.Unknown}
         */
        ProbeResult<O> ask(StepContext<I> context) throws Exception;
    }

    /** The result of a probe. */
    public sealed interface ProbeResult<O> {
        /** The step happened, with this output. */
        record Executed<O>(O output) implements ProbeResult<O> {}

        /** The step did not happen, and none of its attempts can still happen. */
        record NotExecuted<O>() implements ProbeResult<O> {}

        /** The probe cannot determine whether the step happened. */
        record Unknown<O>(String why) implements ProbeResult<O> {}
    }

    public ExternalStep {
        Arguments.required(codec, "codec");
        Arguments.required(action, "action");
        Arguments.required(compensation, "compensation");
        Arguments.required(compensationInput, "compensationInput");
        Arguments.required(probe, "probe");
        Arguments.required(retry, "retry");
        Arguments.required(compensationRetry, "compensationRetry");
        Names.checkStep(name);
    }

    /** Creates a step with an output type of its own. */
    public static <I, O> ExternalStep<I, O> of(String name, Codec<O> codec, Action<I, O> action) {
        return new ExternalStep<>(
                name,
                codec,
                action,
                Optional.empty(),
                context -> "",
                Optional.empty(),
                false,
                false,
                SagaStep.standardRetry(),
                SagaStep.standardRetry());
    }

    /** Creates a step whose output is text. */
    public static <I> ExternalStep<I, String> of(String name, Action<I, String> action) {
        return of(name, Codec.text(), action);
    }

    /** Returns a copy with a compensation. */
    public ExternalStep<I, O> compensatedBy(Compensation<I, O> how) {
        Arguments.required(how, "how");
        return compensatedBy(context -> "", how);
    }

    /** Returns a copy with a compensation, and with its input, which is written to the journal before the step runs. */
    public ExternalStep<I, O> compensatedBy(Function<StepContext<I>, String> input, Compensation<I, O> how) {
        Arguments.required(input, "input");
        Arguments.required(how, "how");
        return new ExternalStep<>(
                name,
                codec,
                action,
                Optional.of(how),
                input,
                probe,
                isIdempotent,
                compensatesUnknown,
                retry,
                compensationRetry);
    }

    /** Returns a copy with a probe, which is called when the step is in doubt. */
    public ExternalStep<I, O> withProbe(Probe<I, O> how) {
        Arguments.required(how, "how");
        return new ExternalStep<>(
                name,
                codec,
                action,
                compensation,
                compensationInput,
                Optional.of(how),
                isIdempotent,
                compensatesUnknown,
                retry,
                compensationRetry);
    }

    /**
     * Returns a copy that may run again when it is in doubt. The external system must remember the idempotency key for
     * longer than the saga lasts, including the compensation: a late call must have no effect after it.
     */
    public ExternalStep<I, O> idempotent() {
        return new ExternalStep<>(
                name,
                codec,
                action,
                compensation,
                compensationInput,
                probe,
                true,
                compensatesUnknown,
                retry,
                compensationRetry);
    }

    /**
     * Returns a copy that may be compensated when it is in doubt. If the step did not happen, the compensation must do
     * no harm, and must also prevent the step from happening later. The call of a coordinator that was taken for dead
     * may still be under way.
     */
    public ExternalStep<I, O> compensateIfUnknown() {
        return new ExternalStep<>(
                name,
                codec,
                action,
                compensation,
                compensationInput,
                probe,
                isIdempotent,
                true,
                retry,
                compensationRetry);
    }

    /** Returns a copy with a retry policy for the step. */
    public ExternalStep<I, O> retry(RetryPolicy policy) {
        return new ExternalStep<>(
                name,
                codec,
                action,
                compensation,
                compensationInput,
                probe,
                isIdempotent,
                compensatesUnknown,
                policy,
                compensationRetry);
    }

    /** Returns a copy with a retry policy for the compensation. */
    public ExternalStep<I, O> compensationRetry(RetryPolicy policy) {
        return new ExternalStep<>(
                name,
                codec,
                action,
                compensation,
                compensationInput,
                probe,
                isIdempotent,
                compensatesUnknown,
                retry,
                policy);
    }

    @Override
    public boolean hasCompensation() {
        return compensation.isPresent();
    }
}
