package dev.fencepost.saga;

import dev.fencepost.Codec;
import dev.fencepost.RetryPolicy;
import dev.fencepost.Transaction;
import dev.fencepost.Writer;
import dev.fencepost.internal.util.Arguments;
import dev.fencepost.internal.util.Names;
import java.util.Optional;

/**
 * A step whose effect is in the store. Its writes are committed together with the journal entry that records it as
 * done, under the saga's claim. So it takes effect exactly once, even if processes die. Immutable.
 *
 * @param compensation the compensation, which also takes effect exactly once; a step without one needs none
 */
public record StoreStep<I, O>(
        String name,
        Codec<O> codec,
        Action<I, O> action,
        Optional<Compensation<I, O>> compensation,
        RetryPolicy retry,
        RetryPolicy compensationRetry)
        implements SagaStep<I, O> {
    /** The action of a step. */
    @FunctionalInterface
    public interface Action<I, O> {
        /**
         * Reads and writes through the transaction, like a function given to {@link Writer#transact}. It may run again,
         * so it must have no effects of its own.
         *
         * <p>Every exception is a failed attempt. The saga is stuck if the last attempt throws an {@link Error},
         * returns an output that cannot be stored, or ends its process. A process that dies in its first attempt leaves
         * no entry, so with n attempts allowed the function may begin n + 1 times.
         *
         * @throws StepFailedException if it cannot be done, now or at all; nothing is written then
         */
        O apply(Transaction transaction, StepContext<I> context) throws StepFailedException;
    }

    /** The compensation of a step. */
    @FunctionalInterface
    public interface Compensation<I, O> {
        /** Compensates the step, under the rules of {@link Action#apply}, with the output of the step. */
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

    /** Creates a step with an output of any type. */
    public static <I, O> StoreStep<I, O> of(String name, Codec<O> codec, Action<I, O> action) {
        return new StoreStep<>(
                name, codec, action, Optional.empty(), SagaStep.standardRetry(), SagaStep.standardRetry());
    }

    /** Creates a step whose output is text. */
    public static <I> StoreStep<I, String> of(String name, Action<I, String> action) {
        return of(name, Codec.text(), action);
    }

    /** Returns a copy with this compensation. */
    public StoreStep<I, O> compensatedBy(Compensation<I, O> how) {
        Arguments.required(how, "how");
        return new StoreStep<>(name, codec, action, Optional.of(how), retry, compensationRetry);
    }

    /** Returns a copy with this retry policy. */
    public StoreStep<I, O> retry(RetryPolicy policy) {
        return new StoreStep<>(name, codec, action, compensation, policy, compensationRetry);
    }

    /** Returns a copy with this retry policy for its compensation. */
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
