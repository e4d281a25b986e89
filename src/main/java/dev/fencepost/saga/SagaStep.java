package dev.fencepost.saga;

import dev.fencepost.Codec;
import dev.fencepost.RetryPolicy;
import java.time.Duration;

/**
 * One step of a saga, with its compensation. There are three kinds, each with its own type. The effect of a
 * {@link StoreStep} is in the store and happens exactly once. The effect of an {@link ExternalStep} is elsewhere and
 * happens at least once, under one idempotency key. A {@link WorkerStep} is run by another agent. Immutable.
 *
 * @param <I> the type of the saga's input
 * @param <O> the type of the step's output
 */
public sealed interface SagaStep<I, O> permits StoreStep, ExternalStep, WorkerStep {
    /** Returns the name, unique in a saga: up to 100 bytes of UTF-8 without control characters. */
    String name();

    /** Returns the codec that writes the output to the journal. */
    Codec<O> codec();

    /** Returns the retry policy of the step. */
    RetryPolicy retry();

    /** Returns the retry policy of the compensation. */
    RetryPolicy compensationRetry();

    /** Returns whether the step, once done, is compensated when the saga rolls back. */
    boolean hasCompensation();

    /**
     * Returns whether the step is compensated even if it is in doubt, because compensating a step that did not happen
     * is harmless.
     */
    boolean compensatesUnknown();

    /**
     * Returns the default retry policy of a step: up to five attempts, with delays of up to five seconds, within a
     * minute.
     */
    static RetryPolicy standardRetry() {
        return new RetryPolicy(5, Duration.ofMillis(100), Duration.ofSeconds(5), Duration.ofMinutes(1));
    }
}
