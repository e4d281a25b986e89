package dev.fencepost;

import java.util.Optional;

/**
 * A saga that nobody runs: whoever holds it does its steps by its own means, and reports what became of each; the saga
 * says what is next, and what is to be undone. Held under a claim, which every report renews, and without which none is
 * taken. Safe for use by many threads.
 *
 * @see Sagas#startManual
 */
public interface ManualSaga extends AutoCloseable {
    /**
     * What is next.
     *
     * @param isCompensation whether the step is to be undone, rather than done
     * @param inDoubt whether it was begun, and nobody has reported what became of it: find out before you report
     */
    record Next(String step, boolean isCompensation, boolean inDoubt) {}

    /** The name of the saga. */
    String id();

    /** Stands for the claim, also in another process. */
    ClaimToken token();

    /** The same for every attempt at this step, and another for its undoing. */
    String idempotencyKey(String step, boolean undo);

    /** What is next; empty if the saga has ended. Where somebody has asked for its end, it turns back here. */
    Optional<Next> next();

    /**
     * Says that a step is about to be done, or undone, so that whoever takes the saga over knows that it may have been.
     *
     * @throws SagaStateException if that is not what is next
     * @throws FencedException if the saga was taken over; nothing was reported
     */
    void started(String step);

    /**
     * Reports that a step is done. The last step completes the saga.
     *
     * @throws SagaStateException if that is not what is next
     * @throws FencedException if the saga was taken over; nothing was reported
     */
    void done(String step, String output);

    /**
     * Reports that no attempt so far has happened, but that a later attempt may. The same step stays next, whether it is to
     * be done or undone.
     *
     * @throws SagaStateException if the step is not what is next
     * @throws FencedException if the saga was taken over; nothing was reported
     */
    void failed(String step, String reason);

    /**
     * Reports that a step did not happen and will not. The saga turns back: the steps that are done are to be undone.
     *
     * @throws SagaStateException if the step is not what is next, or it is to be undone
     * @throws FencedException if the saga was taken over; nothing was reported
     */
    void refused(String step, String reason);

    /**
     * Reports that a step is undone. The last one ends the saga as compensated.
     *
     * @throws SagaStateException if that is not what is next
     * @throws FencedException if the saga was taken over; nothing was reported
     */
    void compensated(String step);

    /** Where it stands. */
    SagaState state();

    /** Lets the saga go, so that others can take it up. */
    @Override
    void close();
}
