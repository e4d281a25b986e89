package dev.fencepost.internal.commit;

import dev.fencepost.CommitId;
import dev.fencepost.FencepostException;
import dev.fencepost.OutcomeUnknownException;
import dev.fencepost.StorageException;

/** Creates exceptions for callers whose commit failed. */
final class FailedCommit {
    private FailedCommit() {}

    static FencepostException notApplied(FencepostException because) {
        return new StorageException("The commit failed and was not applied: " + because.getMessage(), because);
    }

    static FencepostException unknown(String storeId, QueuedTask<?> pending, FencepostException because) {
        return pending.commit()
                .<FencepostException>map(commit -> new OutcomeUnknownException(
                        new CommitId(storeId, commit.process(), commit.ordinal(), commit.sequence()),
                        "The commit " + commit + " failed, and its outcome is unknown: " + because.getMessage()
                                + ". Remove the cause, then look up its outcome in the store",
                        because))
                .orElseGet(() -> new StorageException(
                        "The result depends on a commit that failed: " + because.getMessage(), because));
    }
}
