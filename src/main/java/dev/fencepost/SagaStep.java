package dev.fencepost;

import java.time.Duration;

/**
 * One step of a saga, and how it is undone. There are three kinds, told apart by type: {@link StoreStep}, whose effect is
 * in the store and happens exactly once; {@link ExternalStep}, whose effect is elsewhere and happens at least once, under
 * one idempotency key; and {@link WorkerStep}, which another agent carries out. Immutable.
 *
 * @param <I> the type of the saga's input
 * @param <O> the type of the step's output
 */
public sealed interface SagaStep<I, O> permits StoreStep, ExternalStep, WorkerStep {
    /** Its name, of which there is one in a saga: up to 100 bytes of UTF-8 without control characters. */
    String name();

    /** How its output is kept in the journal. */
    Codec<O> codec();

    /** How often and how long to try it. */
    RetryPolicy retry();

    /** How often and how long to try to undo it. */
    RetryPolicy compensationRetry();

    /** Whether it is undone when the saga is, once it is done. */
    boolean hasCompensation();

    /**
     * Whether it is to be undone also where nobody knows whether it happened, because to undo what did not happen does no
     * harm.
     */
    boolean compensatesUnknown();

    /** What a step does unless it is told otherwise: up to five attempts, with pauses of up to some seconds. */
    static RetryPolicy standardRetry() {
        return new RetryPolicy(5, Duration.ofMillis(100), Duration.ofSeconds(5), Duration.ofMinutes(1));
    }
}
