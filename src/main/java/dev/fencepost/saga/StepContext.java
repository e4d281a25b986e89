package dev.fencepost.saga;

import dev.fencepost.InvalidInputException;

/**
 * The context of a running step. Safe for use by many threads.
 *
 * @param <I> the type of the saga's input
 */
public interface StepContext<I> {
    /** Returns the name of the saga. */
    String saga();

    /** Returns the name of the step. */
    String step();

    /** Returns the saga's input. */
    I input();

    /** Returns the number of this attempt, from 1. */
    int attempt();

    /**
     * Returns the idempotency key. It is the same for every attempt of this step of this saga, in every process;
     * compensation has another one. Pass it to external systems, so that repeated requests take effect once.
     */
    String idempotencyKey();

    /**
     * Returns the epoch under which the saga is coordinated. It grows with every takeover. An external system that
     * remembers the greatest epoch it has seen can refuse a former coordinator. If the step is only probed, it is the
     * prober's epoch.
     */
    long epoch();

    /**
     * Returns the output of an earlier step.
     *
     * @throws InvalidInputException if that step is not done
     */
    <O> O output(SagaStep<? super I, O> step);
}
