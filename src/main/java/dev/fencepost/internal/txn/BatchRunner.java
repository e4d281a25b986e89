package dev.fencepost.internal.txn;

import dev.fencepost.FencepostException;
import dev.fencepost.OutcomeUnknownException;
import dev.fencepost.StoreFailedException;
import dev.fencepost.internal.sql.OpenedFile;
import dev.fencepost.internal.sql.ProcessFacts;
import dev.fencepost.internal.sql.Session;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Runs batches of members, each batch in one write transaction. Used by one leader at a time. */
final class BatchRunner {
    private final OpenedFile file;
    private final InstantSource clock;
    private final Horizon horizon;
    private final ProcessIdentity identity;
    private @Nullable Session session;
    /** Whether the session may be in the middle of a transaction; only set while a batch runs, whatever ends it. */
    private boolean unsettled;

    BatchRunner(OpenedFile file, InstantSource clock, Horizon horizon, ProcessFacts facts) {
        this.file = file;
        this.clock = clock;
        this.horizon = horizon;
        this.identity = new ProcessIdentity(facts);
    }

    Optional<Long> process() {
        return identity.confirmed();
    }

    void run(List<Pending<?>> batch) {
        Session open;
        try {
            open = begin();
        } catch (FencepostException e) {
            batch.forEach(pending -> pending.fail(e));
            return;
        }
        WriteScope scope;
        try {
            scope = new WriteScope(open, identity, clock.millis());
            horizon.look(scope::lastSequence);
            batch.forEach(pending -> pending.apply(scope));
        } catch (RuntimeException | Error e) {
            giveUp(open, e);
            isolate(batch, e);
            return;
        }
        try {
            open.commit();
        } catch (FencepostException e) {
            giveUp(open, e);
            findOut(batch, e);
            return;
        }
        settle();
        horizon.note(scope.lastSequence());
        batch.forEach(Pending::acknowledge);
    }

    private Session begin() {
        file.refuseIfReplaced();
        if (unsettled) {
            letGo();
        }
        Session open = session;
        if (open == null) {
            open = file.sqlite().open();
            session = open;
        }
        unsettled = true;
        open.begin();
        return open;
    }

    /** One member's failure must not hurt the others, so each runs again by itself. */
    private void isolate(List<Pending<?>> batch, Throwable e) {
        if (batch.size() == 1) {
            batch.get(0).fail(e);
        } else {
            batch.forEach(pending -> run(List.of(pending)));
        }
    }

    /** Rolls back, and lets go of a connection that may be in any state. */
    private void giveUp(Session open, Throwable because) {
        open.rollback(because);
        try {
            letGo();
        } catch (RuntimeException e) {
            because.addSuppressed(e);
        }
    }

    /** Closing a connection rolls back what it has not committed. */
    private void letGo() {
        Session open = session;
        session = null;
        unsettled = false;
        identity.forget();
        if (open != null) {
            open.close();
        }
    }

    private void settle() {
        identity.confirm();
        unsettled = false;
    }

    /**
     * COMMIT failed, which does not say whether it took place: the disk may have the commit without having said so. What
     * is not in the file now will not come back once a later commit has succeeded, since that overwrites it in the log.
     * What is in the file may still be missing after a loss of power, since the disk never confirmed it: that stays
     * unknown.
     */
    private void findOut(List<Pending<?>> batch, FencepostException because) {
        try {
            Session open = begin();
            try {
                WriteScope scope = new WriteScope(open, identity, clock.millis());
                List<Pending<?>> applied = batch.stream()
                        .filter(pending ->
                                pending.commit().map(scope.values()::hasCommit).orElse(false))
                        .toList();
                scope.claims().touch(scope.process(), scope.now());
                open.commit();
                settle();
                applied.forEach(pending -> pending.fail(unknown(pending, because)));
            } catch (RuntimeException | Error e) {
                giveUp(open, e);
                throw e;
            }
        } catch (FencepostException e) {
            because.addSuppressed(e);
            boolean nothing = Session.leftNothing(because);
            batch.forEach(pending -> pending.fail(nothing ? notApplied(because) : unknown(pending, because)));
            return;
        }
        batch.stream().filter(pending -> !pending.done()).forEach(pending -> pending.fail(notApplied(because)));
    }

    private static FencepostException notApplied(FencepostException because) {
        return new StoreFailedException("The commit failed and was not applied: " + because.getMessage(), because);
    }

    private static FencepostException unknown(Pending<?> pending, FencepostException because) {
        return pending.commit()
                .<FencepostException>map(commit -> new OutcomeUnknownException(
                        commit,
                        "The commit " + commit + " failed, and whether it survives is unknown: " + because.getMessage()
                                + ". Ask the store for its outcome when the cause is gone",
                        because))
                .orElseGet(() -> new StoreFailedException(
                        "The answer rests on a commit that failed: " + because.getMessage(), because));
    }

    void close() {
        Session open = session;
        session = null;
        if (open != null) {
            open.close();
        }
    }
}
