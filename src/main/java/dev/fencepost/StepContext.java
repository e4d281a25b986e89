package dev.fencepost;

/**
 * What a step is told when it runs. Safe for use by many threads.
 *
 * @param <I> the type of the saga's input
 */
public interface StepContext<I> {
    /** The name of the saga. */
    String saga();

    /** The name of the step. */
    String step();

    /** The saga's input. */
    I input();

    /** Which attempt this is, from 1. */
    int attempt();

    /**
     * The same for every attempt of this step of this saga, whoever makes it, and another for its undoing. Give it to the
     * outside, so that it does once what it is asked for more than once.
     */
    String idempotencyKey();

    /**
     * The epoch under which the saga is coordinated. It grows with every takeover, so an outside that remembers the
     * greatest it has seen can refuse a coordinator that was taken for dead. Of a step that is only probed, the prober's.
     */
    long epoch();

    /**
     * What an earlier step gave.
     *
     * @throws InvalidInputException if that step is not done
     */
    <O> O output(SagaStep<? super I, O> step);
}
