package dev.fencepost.saga;

import dev.fencepost.ClaimToken;
import dev.fencepost.FencedException;

/**
 * A task of a saga that this agent has claimed: a step, or its compensation. The agent reports once; if another agent
 * has taken over the claim, the report is refused. Closing without a report releases the claim and leaves the task in
 * doubt. Safe for use by many threads.
 */
public interface StepTask extends AutoCloseable {
    /** Returns the name of the saga. */
    String saga();

    /** Returns the name of the step. */
    String step();

    /** Returns whether the task compensates the step, rather than doing it. */
    boolean isCompensation();

    /** Returns the input of the task. */
    String input();

    /** Returns the idempotency key. It is the same for every attempt at this step; compensation has another one. */
    String idempotencyKey();

    /**
     * Returns the epoch of the claim, for external systems to check. It grows whenever another agent claims the task.
     */
    long epoch();

    /** Returns the token of the claim, which is valid in other processes too. */
    ClaimToken token();

    /**
     * Reports that the task is done.
     *
     * @throws FencedException if the task was taken over; nothing was reported
     */
    void done(String output);

    /** Reports that the task certainly did not happen, but may succeed the next time. */
    void failed(String error);

    /** Reports that the task did not happen, and never will. */
    void refused(String error);

    /** Releases the claim if nothing was reported. */
    @Override
    void close();
}
