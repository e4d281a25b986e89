package dev.fencepost.internal.saga;

import dev.fencepost.Claim;
import dev.fencepost.StoreConfig;
import dev.fencepost.internal.claim.Claims;
import dev.fencepost.internal.commit.CommitQueue;
import dev.fencepost.internal.commit.Committer;
import dev.fencepost.internal.read.CommitNotifier;
import dev.fencepost.internal.read.ReaderPool;
import dev.fencepost.internal.sql.SagaRow;
import dev.fencepost.internal.sql.SagaTables;
import dev.fencepost.internal.util.PeriodicTask;
import dev.fencepost.saga.SagaOutcome;
import dev.fencepost.saga.SagaState;
import dev.fencepost.saga.SagaStateException;
import java.util.Optional;

/** The parts of the store that sagas use, and reads of sagas through them. */
public record SagaParts(
        StoreConfig config,
        CommitQueue queue,
        ReaderPool reads,
        Committer committer,
        Claims claims,
        CommitNotifier notifier,
        PeriodicTask tasks,
        RunningSagas runningSagas) {
    /** Returns the size limit of texts. */
    StoredTexts texts() {
        return new StoredTexts(config.maxValueBytes());
    }

    /** Returns the time of the store's clock, in milliseconds. */
    long now() {
        return config.clock().millis();
    }

    /** Returns the journal of a saga, for the holder of its claim. */
    SagaJournal journal(SagaRow saga, Claim claim) {
        return new SagaJournal(saga, claim, reads);
    }

    /** Returns a saga; empty if there is none of this name. */
    Optional<SagaRow> find(String id) {
        return reads.read(session -> new SagaTables(session).run(id));
    }

    /**
     * Returns a saga.
     *
     * @throws SagaStateException if there is none of this name
     */
    SagaRow saga(String id) {
        return find(id).orElseThrow(() -> none(id));
    }

    /** Returns whether no live process holds a claim, as far as this process can tell. */
    boolean isFree(Optional<Long> claim) {
        return claim.map(held -> reads.read(session -> claims.isFree(session, held)))
                .orElse(true);
    }

    /** Returns the current outcome of a saga. */
    SagaOutcome outcome(String id) {
        return reads.read(session -> {
            SagaTables tables = new SagaTables(session);
            SagaRow saga = tables.run(id).orElseThrow(() -> none(id));
            SagaProgress progress = SagaProgress.of(tables, saga.id());
            Optional<String> reason =
                    saga.state() == SagaState.STUCK && progress.stuckAt().isPresent()
                            ? progress.reason().map(why -> progress.stuckAt().get() + ": " + why)
                            : progress.reason();
            return new SagaOutcome(id, saga.state(), reason, progress.outputs());
        });
    }

    static SagaStateException none(String id) {
        return new SagaStateException("No saga '" + id + "' in this store; it never began, or was forgotten");
    }
}
