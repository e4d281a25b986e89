package dev.fencepost;

/**
 * A step of a saga, or its undoing, that this agent has taken under a claim. It reports once; if its claim was taken over
 * meanwhile the report is refused. Closing without a report gives the claim back, and then nobody knows whether it was
 * done. Safe for use by many threads.
 */
public interface StepTask extends AutoCloseable {
    /** The name of the saga. */
    String saga();

    /** The name of the step. */
    String step();

    /** Whether the step is to be undone, rather than done. */
    boolean isCompensation();

    /** What is to be done. */
    String input();

    /** The same for every attempt at this step, and another for its undoing. */
    String idempotencyKey();

    /** The epoch under which it is done, for the outside to check; it grows whenever another agent takes the work. */
    long epoch();

    /** Stands for the claim, also in another process. */
    ClaimToken token();

    /**
     * Says that it is done.
     *
     * @throws FencedException if the work was taken over; nothing was reported
     */
    void done(String output);

    /** Says that it certainly did not happen, but may the next time. */
    void failed(String error);

    /** Says that it did not happen, and will not. */
    void refused(String error);

    /** Gives the claim back if nothing was reported. */
    @Override
    void close();
}
