package dev.fencepost;

import java.util.Optional;
import java.util.function.Function;

/**
 * A step whose effect is outside of the store. That it is about to run is in the journal before it runs; so whoever takes
 * a saga over knows that it may have happened, and does what the step says about that: asks its probe, runs it again, or
 * stops and shows the saga as stuck. Every attempt has the same idempotency key. Immutable.
 *
 * @param compensation how it is undone; a step without one has nothing to undo
 * @param compensationInput what its undoing needs to know, put into the journal before the step runs
 * @param probe finds out whether it happened
 * @param isIdempotent whether it may run again when nobody knows whether it happened
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
    /** What the step does. */
    @FunctionalInterface
    public interface Action<I, O> {
        /**
         * Does it.
         *
         * @throws StepFailedException if it certainly did not happen
         * @throws Exception if it is not known whether it happened
         */
        O run(StepContext<I> context) throws Exception;
    }

    /** What undoes it. */
    @FunctionalInterface
    public interface Compensation<I, O> {
        /**
         * Undoes it. May run more than once, so it must be idempotent; the context's idempotency key is that of the
         * undoing.
         *
         * @param input what was put into the journal before the step ran
         * @param output what the step gave; empty if nobody knows whether it happened
         */
        void run(StepContext<I> context, String input, Optional<O> output) throws Exception;
    }

    /** Finds out what became of an attempt of which nobody knows. */
    @FunctionalInterface
    public interface Probe<I, O> {
        /**
         * Asks. The context's idempotency key is that of the attempts, and its attempt the last of them.
         *
         * @return {@link ProbeResult.NotExecuted} only if none of the attempts so far can happen any more: the call of a
         *     coordinator that was taken for dead may still be on its way. If whoever is asked cannot bar that, it cannot
         *     tell
         */
        ProbeResult<O> ask(StepContext<I> context) throws Exception;
    }

    /** What a probe finds. */
    public sealed interface ProbeResult<O> {
        /** It happened, and gave this. */
        record Executed<O>(O output) implements ProbeResult<O> {}

        /** It did not happen, and will not any more. */
        record NotExecuted<O>() implements ProbeResult<O> {}

        /** It cannot be told. */
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

    /** A step with an output of its own. */
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

    /** A step whose output is text. */
    public static <I> ExternalStep<I, String> of(String name, Action<I, String> action) {
        return of(name, Codec.text(), action);
    }

    /** The same, undone by this. */
    public ExternalStep<I, O> compensatedBy(Compensation<I, O> how) {
        Arguments.required(how, "how");
        return compensatedBy(context -> "", how);
    }

    /** The same, undone by this, for which something is put into the journal before the step runs. */
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

    /** The same; where nobody knows whether it happened, this is asked. */
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
     * The same; it may run again where nobody knows whether it happened. Whoever is asked must know the idempotency key for
     * longer than the saga lasts, and its undoing: a call that was late must have no effect after it.
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
     * The same; it may be undone where nobody knows whether it happened. That must do no harm if it did not, and must also
     * bar it from happening later: the call of a coordinator that was taken for dead may still be on its way.
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

    /** The same, tried like this. */
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

    /** The same, its undoing tried like this. */
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
