package dev.fencepost.internal.saga;

import dev.fencepost.ClaimEnd;
import dev.fencepost.ClaimToken;
import dev.fencepost.LostClaim;
import dev.fencepost.internal.sql.SagaRow;
import dev.fencepost.internal.util.Arguments;
import dev.fencepost.saga.ManualSaga;
import dev.fencepost.saga.SagaState;
import dev.fencepost.saga.SagaStateException;
import java.util.Optional;

/** A manual saga that has ended, under the token of an earlier claim. Refuses every report. Immutable. */
final class EndedReport implements ManualSaga {
    private final SagaRow saga;
    private final ClaimToken token;
    private final LostClaim lost;
    private final Runnable refuseLost;

    /**
     * Creates a view of an ended saga.
     *
     * @param lost the claim of the token
     * @param refuseLost an action that throws the exception for a lost claim
     */
    EndedReport(SagaRow saga, ClaimToken token, LostClaim lost, Runnable refuseLost) {
        this.saga = saga;
        this.token = token;
        this.lost = lost;
        this.refuseLost = refuseLost;
    }

    /** Tells whether a token was granted for this saga, and not for an earlier one of the same name. */
    static boolean isFor(SagaRow saga, ClaimToken token) {
        // The number of a claim is the sequence of the commit that granted it.
        return saga.definition().equals(DefaultManualSaga.DEFINITION)
                && saga.state().ended()
                && token.claim() > saga.begunSequence();
    }

    @Override
    public String id() {
        return saga.saga();
    }

    @Override
    public ClaimToken token() {
        return token;
    }

    @Override
    public String idempotencyKey(String step, boolean undo) {
        Arguments.required(step, "step");
        return DefaultStepContext.idempotencyKey(saga.saga(), saga.begunSequence(), step, undo);
    }

    @Override
    public Optional<Next> next() {
        return Optional.empty();
    }

    @Override
    public SagaState state() {
        return saga.state();
    }

    @Override
    public void started(String step) {
        refuse(step);
    }

    @Override
    public void done(String step, String output) {
        Arguments.required(output, "output");
        refuse(step);
    }

    @Override
    public void failed(String step, String reason) {
        Arguments.required(reason, "reason");
        refuse(step);
    }

    @Override
    public void refused(String step, String reason) {
        Arguments.required(reason, "reason");
        refuse(step);
    }

    @Override
    public void compensated(String step) {
        refuse(step);
    }

    private void refuse(String step) {
        Arguments.required(step, "step");
        if (lost.ending() != ClaimEnd.RELEASED) {
            // The holder was fenced, which it learns in the same way as for any other claim.
            refuseLost.run();
        }
        throw ended(saga);
    }

    /** Returns the exception for a report on a saga that has ended. */
    static SagaStateException ended(SagaRow saga) {
        return new SagaStateException("The saga '" + saga.saga() + "' is "
                + saga.state().word() + " and accepts no more reports. Use another ID for a new saga");
    }

    @Override
    public void close() {
        // Its claim has ended.
    }

    @Override
    public String toString() {
        return "saga '" + id() + "', " + saga.state().word();
    }
}
