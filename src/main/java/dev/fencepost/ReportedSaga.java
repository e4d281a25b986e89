package dev.fencepost;

import java.util.Optional;

/**
 * A saga that nobody runs: whoever holds it does its steps by its own means, and reports what became of each; the saga
 * says what is next, and what is to be undone. Held under a claim, which every report renews, and without which none is
 * taken. Safe for use by many threads.
 *
 * @see Sagas#report
 */
public interface ReportedSaga extends AutoCloseable {
    /**
     * What is next.
     *
     * @param undo whether the step is to be undone, rather than done
     * @param inDoubt whether it was begun, and nobody has reported what became of it: find out before you report
     */
    record Next(String step, boolean undo, boolean inDoubt) {}

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
     * @throws SagaRefusedException if that is not what is next
     * @throws FencedException if the saga was taken over; nothing was reported
     */
    void started(String step);

    /** Says that a step is done. With the last the saga is completed. */
    void done(String step, String output);

    /** Says that a step certainly did not happen, and will not: what is done is to be undone. */
    void failed(String step, String reason);

    /** Says that a step is undone. With the last the saga is compensated. */
    void undone(String step);

    /** Where it stands. */
    SagaState state();

    /** Lets the saga go, so that others can take it up. */
    @Override
    void close();
}
