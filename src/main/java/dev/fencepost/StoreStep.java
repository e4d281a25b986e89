package dev.fencepost;

import java.util.Optional;

/**
 * A step whose effect is in the store. What it writes is committed together with the entry in the journal that says that
 * it is done, under the saga's claim: so it takes effect exactly once, whoever dies. Immutable.
 *
 * @param compensation how it is undone, likewise exactly once; a step without one has nothing to undo
 */
public record StoreStep<I, O>(
        String name,
        Codec<O> codec,
        Action<I, O> action,
        Optional<Compensation<I, O>> compensation,
        RetryPolicy retry,
        RetryPolicy compensationRetry)
        implements SagaStep<I, O> {
    /** What the step does. */
    @FunctionalInterface
    public interface Action<I, O> {
        /**
         * Reads and writes through the transaction, as a function given to {@link Writer#transact}: it may run again, so
         * it must have no effects of its own.
         *
         * <p>Every exception is a failed attempt. When the last attempt throws an {@link Error}, returns what cannot be
         * stored, or ends its process, the saga is stuck. A process that dies in its first attempt leaves no entry, so with
         * n attempts allowed the function may begin n + 1 times.
         *
         * @throws StepFailedException if it cannot be done, now or at all; nothing is written then
         */
        O apply(Transaction transaction, StepContext<I> context) throws StepFailedException;
    }

    /** What undoes it. */
    @FunctionalInterface
    public interface Compensation<I, O> {
        /** As {@link Action#apply}, with what the step gave. */
        void apply(Transaction transaction, StepContext<I> context, O output) throws StepFailedException;
    }

    public StoreStep {
        Arguments.required(codec, "codec");
        Arguments.required(action, "action");
        Arguments.required(compensation, "compensation");
        Arguments.required(retry, "retry");
        Arguments.required(compensationRetry, "compensationRetry");
        Names.checkStep(name);
    }

    /** A step with an output of its own. */
    public static <I, O> StoreStep<I, O> of(String name, Codec<O> codec, Action<I, O> action) {
        return new StoreStep<>(
                name, codec, action, Optional.empty(), SagaStep.standardRetry(), SagaStep.standardRetry());
    }

    /** A step whose output is text. */
    public static <I> StoreStep<I, String> of(String name, Action<I, String> action) {
        return of(name, Codec.text(), action);
    }

    /** The same, undone by this. */
    public StoreStep<I, O> compensatedBy(Compensation<I, O> how) {
        Arguments.required(how, "how");
        return new StoreStep<>(name, codec, action, Optional.of(how), retry, compensationRetry);
    }

    /** The same, tried like this. */
    public StoreStep<I, O> retry(RetryPolicy policy) {
        return new StoreStep<>(name, codec, action, compensation, policy, compensationRetry);
    }

    /** The same, its undoing tried like this. */
    public StoreStep<I, O> compensationRetry(RetryPolicy policy) {
        return new StoreStep<>(name, codec, action, compensation, retry, policy);
    }

    @Override
    public boolean hasCompensation() {
        return compensation.isPresent();
    }

    @Override
    public boolean compensatesUnknown() {
        return false;
    }
}
