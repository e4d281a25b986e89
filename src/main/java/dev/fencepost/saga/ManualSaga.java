package dev.fencepost.saga;

import dev.fencepost.ClaimToken;
import dev.fencepost.FencedException;
import java.util.Optional;

/**
 * A saga whose holder runs the steps itself and reports the result of each. The saga returns the next step to run or to
 * compensate. The holder has a claim, which every report renews; a report without the claim is refused. Safe for use by
 * many threads.
 *
 * @see Sagas#startManual
 */
public interface ManualSaga extends AutoCloseable {
    /**
     * The next action of a saga.
     *
     * @param isCompensation whether the step is to be compensated, rather than done
     * @param inDoubt whether the action was begun and its result not reported: find the result before you report
     */
    record Next(String step, boolean isCompensation, boolean inDoubt) {}

    /** Returns the name of the saga. */
    String id();

    /** Returns the token of the claim, which is also valid in another process. */
    ClaimToken token();

    /**
     * Returns the idempotency key of a step or of its compensation. All attempts of one have the same key; the two keys
     * differ.
     */
    String idempotencyKey(String step, boolean undo);

    /**
     * Returns the next action; empty if the saga has ended. If a cancellation was requested, the saga begins to roll
     * back here.
     */
    Optional<Next> next();

    /**
     * Reports that the next action is about to begin. After a takeover, the new holder then knows that it may have
     * happened.
     *
     * @throws SagaStateException if the step is not the next one
     * @throws FencedException if the saga was taken over; nothing was reported
     */
    void started(String step);

    /**
     * Reports that a step is done. The last step completes the saga.
     *
     * @throws SagaStateException if the step is not the next one
     * @throws FencedException if the saga was taken over; nothing was reported
     */
    void done(String step, String output);

    /**
     * Reports that no attempt so far has happened, but that a later attempt may. The same action stays next, whether
     * the step is to be done or compensated.
     *
     * @throws SagaStateException if the step is not the next one
     * @throws FencedException if the saga was taken over; nothing was reported
     */
    void failed(String step, String reason);

    /**
     * Reports that a step did not happen and will not. The saga rolls back: the steps that are done are to be
     * compensated.
     *
     * @throws SagaStateException if the step is not the next one, or it is to be compensated
     * @throws FencedException if the saga was taken over; nothing was reported
     */
    void refused(String step, String reason);

    /**
     * Reports that a step is compensated. The last one ends the saga as compensated.
     *
     * @throws SagaStateException if the step is not the next one
     * @throws FencedException if the saga was taken over; nothing was reported
     */
    void compensated(String step);

    /** Returns the current state of the saga. */
    SagaState state();

    /** Releases the claim on the saga, so that another agent can resume it. */
    @Override
    void close();
}
