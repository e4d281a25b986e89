package dev.fencepost.internal.saga;

import dev.fencepost.Claim;
import dev.fencepost.ClaimEnd;
import dev.fencepost.ClaimToken;
import dev.fencepost.FencedException;
import dev.fencepost.Key;
import dev.fencepost.Transaction;
import dev.fencepost.internal.claim.DefaultClaim;
import dev.fencepost.internal.commit.CommitParticipant;
import dev.fencepost.internal.commit.WriteTransaction;
import dev.fencepost.internal.read.ReaderPool;
import dev.fencepost.internal.sql.SagaRow;
import dev.fencepost.internal.sql.SagaTables;
import dev.fencepost.internal.sql.SagaTables.Said;
import dev.fencepost.saga.JournalEntry;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The journal of one saga, as its coordinator writes it. Each entry is a commit under the coordinator's claim, and
 * renews the claim. So the longest hold is exceeded only if the saga makes no progress for that long. Safe for use by
 * many threads.
 *
 * <p>Every write throws {@link FencedException} once the saga has been taken over, and then writes nothing.
 */
final class SagaJournal {
    private static final Logger LOG = LoggerFactory.getLogger(SagaJournal.class);

    private final SagaRow saga;
    private final SagaProgress progress;
    private final DefaultClaim claim;
    private final long epoch;
    private final ReaderPool reads;

    /** True if, by the journal, a step of the current group will not be done. */
    private volatile boolean givenUp;

    /** The number of the last entry that was read before the first that requests a cancellation. */
    private volatile long uncancelledUpTo;

    private long entriesRead;

    SagaJournal(SagaRow saga, Claim claim, ReaderPool reads) {
        this.saga = saga;
        this.progress = new SagaProgress(saga.definition().equals(DefaultManualSaga.DEFINITION));
        this.claim = (DefaultClaim) claim;
        this.epoch = claim.epoch(Key.text(saga.key()));
        this.reads = reads;
    }

    /**
     * Returns the state that the journal folds to; each call returns the same object. Reads only the entries that were
     * appended since the last call, by this coordinator or by an agent that requests a cancellation. Not for use by
     * many threads.
     */
    SagaProgress progress() {
        long before = progress.lastEntry();
        reads.read(session -> {
            progress.update(new SagaTables(session), saga.id());
            return true;
        });
        if (progress.cancelled().isEmpty()) {
            uncancelledUpTo = progress.lastEntry();
        }
        entriesRead += progress.lastEntry() - before;
        return progress;
    }

    /** Returns how many entries were read from the file, counting an entry each time that it was read. */
    long entriesRead() {
        return entriesRead;
    }

    /** Returns whether a cancellation was requested. */
    boolean isCancelled() {
        return reads.read(session -> isCancelled(new SagaTables(session)));
    }

    /** Looks for a cancellation only in the entries after those that were read: a journal may be long. */
    private boolean isCancelled(SagaTables tables) {
        return tables.isCancelled(saga.id(), uncancelledUpTo);
    }

    /**
     * Begins a group of steps.
     *
     * @param found whether the journal already shows that one of them will not be done
     */
    void beginGroup(boolean found) {
        givenUp = found;
    }

    /** Returns whether a step of the group will not be done, so that no other step of it may begin. */
    boolean hasGivenUp() {
        return givenUp;
    }

    void append(Said said) {
        append(said, false);
    }

    void append(Said said, boolean heedsCancel) {
        append(said, heedsCancel, (scope, sequence) -> {});
    }

    /**
     * Appends an entry after which its step will not be done. Later commits see that, so no other step of the group
     * begins. If the commit fails, none begins either; the next coordinator reads the outcome from the journal.
     */
    void appendFinalFailure(Said said) {
        append(said, false, (scope, sequence) -> givenUp = true);
    }

    /**
     * Appends an entry and the last entry, and releases the claim, in one commit; see
     * {@link #append(Said, boolean, CommitParticipant)}.
     */
    void appendBoth(Said first, Said last, boolean heedsCancel) {
        append(first, heedsCancel, (scope, sequence) -> {
            write(last, scope, sequence);
            scope.end(claim(), sequence, ClaimEnd.RELEASED);
        });
        claim.ended();
    }

    /** Appends the last entry of this run and releases the claim, in one commit. */
    void end(JournalEntry.Type kind, @Nullable String step, @Nullable String text, boolean heedsCancel) {
        append(
                new Said(kind, step, 0, text),
                heedsCancel,
                (scope, sequence) -> scope.end(claim(), sequence, ClaimEnd.RELEASED));
        claim.ended();
    }

    /**
     * Appends an entry, with other changes in the same commit.
     *
     * @param heedsCancel whether to refuse the entry if a cancellation was requested or a step of the group will not be
     *     done; checked in the same commit, so that nothing begins after that
     * @throws SagaHaltedSignal if the entry was refused for that reason
     */
    void append(Said said, boolean heedsCancel, CommitParticipant more) {
        LOG.debug("saga {}: about to write {}", saga.id(), said);
        claim.commit(entry(said, heedsCancel, more));
        LOG.debug("saga {}: has written {}", saga.id(), said);
    }

    /** Renews the claim while there is nothing to write. */
    void renew() {
        commit((scope, sequence) -> scope.claims().renew(claim(), scope.now()));
    }

    /** Commits changes under the claim. The participant runs while the write lock is held. */
    void commit(CommitParticipant attachment) {
        claim.commit(attachment);
    }

    /**
     * Runs a transaction and appends an entry, in one commit; see {@link #append(Said, boolean, CommitParticipant)}.
     */
    <R> void transact(
            Function<? super Transaction, ? extends R> work, Function<? super R, Said> said, boolean heedsCancel) {
        claim.transact(work, outcome -> {
            Said entry = said.apply(outcome);
            LOG.debug("saga {}: about to write {}", saga.id(), entry);
            return entry(entry, heedsCancel, (scope, sequence) -> {});
        });
        LOG.debug("saga {}: has written a step", saga.id());
    }

    private CommitParticipant entry(Said said, boolean heedsCancel, CommitParticipant more) {
        return new CommitParticipant() {
            @Override
            public void write(WriteTransaction scope, long sequence) {
                SagaJournal.this.write(said, scope, sequence);
                more.write(scope, sequence);
            }

            @Override
            public Optional<RuntimeException> veto(WriteTransaction scope) {
                boolean halts = heedsCancel && (givenUp || isCancelled(scope.sagas()));
                return halts ? Optional.of(new SagaHaltedSignal()) : Optional.empty();
            }
        };
    }

    void write(Said said, WriteTransaction scope, long sequence) {
        scope.enter(saga.id(), claim(), sequence, said);
        scope.claims().renew(claim(), scope.now());
    }

    SagaRow saga() {
        return saga;
    }

    /** Returns the epoch of the claim on the saga. */
    long epoch() {
        return epoch;
    }

    ClaimToken token() {
        return claim.token();
    }

    private long claim() {
        return claim.token().claim();
    }
}
