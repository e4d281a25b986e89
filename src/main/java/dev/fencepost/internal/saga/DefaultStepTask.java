package dev.fencepost.internal.saga;

import dev.fencepost.Claim;
import dev.fencepost.ClaimEnd;
import dev.fencepost.ClaimToken;
import dev.fencepost.Key;
import dev.fencepost.internal.claim.DefaultClaim;
import dev.fencepost.internal.sql.StepTaskRow;
import dev.fencepost.internal.sql.StepTaskRow.Outcome;
import dev.fencepost.internal.util.Arguments;
import dev.fencepost.saga.StepTask;
import java.util.List;

/** A task that a worker has claimed. The report is a commit under the worker's claim, and ends that claim. */
final class DefaultStepTask implements StepTask {
    private final StepTaskRow task;
    private final DefaultClaim claim;
    private final SagaParts parts;

    DefaultStepTask(StepTaskRow task, Claim claim, SagaParts parts) {
        this.task = task;
        this.claim = (DefaultClaim) claim;
        this.parts = parts;
    }

    @Override
    public String saga() {
        return task.saga();
    }

    @Override
    public String step() {
        return task.step();
    }

    @Override
    public boolean isCompensation() {
        return task.undo();
    }

    @Override
    public String input() {
        return task.input();
    }

    @Override
    public String idempotencyKey() {
        return DefaultStepContext.idempotencyKey(task.saga(), task.begunSequence(), task.step(), task.undo());
    }

    @Override
    public long epoch() {
        return claim.epoch(Key.text(task.key()));
    }

    @Override
    public ClaimToken token() {
        return claim.token();
    }

    @Override
    public void done(String output) {
        Arguments.required(output, "output");
        report(Outcome.DONE, output);
    }

    @Override
    public void failed(String error) {
        Arguments.required(error, "error");
        report(Outcome.FAILED, error);
    }

    @Override
    public void refused(String error) {
        Arguments.required(error, "error");
        report(Outcome.REFUSED, error);
    }

    private void report(Outcome outcome, String text) {
        parts.texts().check("The report on the step '" + task.step() + "' of the saga '" + task.saga() + "'", text);
        claim.commit((scope, sequence) -> {
            scope.sagas().endWork(task.id(), outcome, text, sequence);
            scope.end(claim.token().claim(), sequence, ClaimEnd.RELEASED);
        });
        parts.notifier().notifyKeys(List.of(task.key()));
        claim.ended();
    }

    @Override
    public void close() {
        claim.close();
    }

    @Override
    public String toString() {
        return (task.undo() ? "compensation of " : "") + "step '" + task.step() + "' of saga '" + task.saga() + "'";
    }
}
