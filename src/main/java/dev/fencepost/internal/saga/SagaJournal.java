package dev.fencepost.internal.saga;

import dev.fencepost.Claim;
import dev.fencepost.ClaimEnd;
import dev.fencepost.ClaimToken;
import dev.fencepost.FencedException;
import dev.fencepost.JournalEntry;
import dev.fencepost.Transaction;
import dev.fencepost.internal.commit.CommitParticipant;
import dev.fencepost.internal.commit.Committer;
import dev.fencepost.internal.commit.FencedClaim;
import dev.fencepost.internal.commit.WriteTransaction;
import dev.fencepost.internal.commit.WriterIdentity;
import dev.fencepost.internal.read.ReaderPool;
import dev.fencepost.internal.sql.SagaRow;
import dev.fencepost.internal.sql.SagaTables;
import dev.fencepost.internal.sql.SagaTables.Said;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The journal of one saga, in the hands of its coordinator. Every entry is a commit under the coordinator's claim, which
 * it also renews: so a hold is too long only when nothing has got on for that long. Safe for use by many threads.
 *
 * <p>All writing throws {@link FencedException} once the saga has been taken over; nothing is written then.
 */
final class SagaJournal {
    private static final Logger LOG = LoggerFactory.getLogger(SagaJournal.class);

    private final long run;
    private final boolean reported;
    private final FencedClaim claim;
    private final WriterIdentity author;
    private final Committer committer;
    private final ReaderPool reads;

    /** Whether a step of the group under way will not be done, as far as the journal says. */
    private volatile boolean givenUp;

    SagaJournal(SagaRow saga, String agent, Claim claim, Committer committer, ReaderPool reads) {
        this.run = saga.id();
        this.reported = saga.definition().equals(DefaultManualSaga.DEFINITION);
        this.claim = (FencedClaim) claim;
        this.author = new WriterIdentity(agent, List.of(this.claim.ref()));
        this.committer = committer;
        this.reads = reads;
    }

    /** What has happened so far. */
    SagaProgress progress() {
        return reads.read(session -> SagaProgress.of(new SagaTables(session), run, reported));
    }

    /** Whether somebody has asked for the end of the saga. */
    boolean isCancelled() {
        return reads.read(session -> new SagaTables(session).isCancelled(run));
    }

    long run() {
        return run;
    }

    /**
     * A group of steps begins, or what is in doubt is to be settled.
     *
     * @param found whether one of them will not be done, as it was found
     */
    void beginGroup(boolean found) {
        givenUp = found;
    }

    /** Whether a step of the group will not be done, so that none of the others is to begin. */
    boolean hasGivenUp() {
        return givenUp;
    }

    void append(JournalEntry.Type kind, @Nullable String step, int attempt, @Nullable String text) {
        append(new Said(kind, step, attempt, text), false, (scope, sequence) -> {});
    }

    /**
     * An entry after which its step will not be done. Whatever comes after it in the order of commits sees that, so none of
     * the steps beside it begins. (Should the commit fail, they do not begin either; whoever resumes the saga finds out.)
     */
    void appendFinalFailure(JournalEntry.Type kind, String step, int attempt, String text) {
        append(new Said(kind, step, attempt, text), false, (scope, sequence) -> givenUp = true);
    }

    /** An entry and the last one in one commit; see {@link #append(Said, boolean, CommitParticipant)}. */
    void appendBoth(Said first, Said last, boolean heedsCancel) {
        append(first, heedsCancel, (scope, sequence) -> {
            write(last, scope, sequence);
            scope.end(claim(), sequence, ClaimEnd.RELEASED);
        });
        claim.ended();
    }

    /** The last entry for now: whoever comes next finds the saga free. */
    void end(JournalEntry.Type kind, @Nullable String step, @Nullable String text, boolean heedsCancel) {
        append(
                new Said(kind, step, 0, text),
                heedsCancel,
                (scope, sequence) -> scope.end(claim(), sequence, ClaimEnd.RELEASED));
        claim.ended();
    }

    /**
     * An entry together with something else.
     *
     * @param heedsCancel whether not to write it once somebody has asked for the end of the saga, or a step beside it is
     *     given up; looked at in the same commit, so that nothing begins after that
     * @throws SagaHaltedSignal if so
     */
    void append(Said said, boolean heedsCancel, CommitParticipant more) {
        LOG.debug("saga {}: about to write {}", run, said);
        committer.commit(author, entry(said, heedsCancel, more));
        LOG.debug("saga {}: has written {}", run, said);
    }

    /** Shows that somebody still coordinates the saga, where nothing is to be written. */
    void renew() {
        commit((scope, sequence) -> scope.claims().renew(claim(), scope.now()));
    }

    /** What is written, and what is said of it, are decided when nobody else can write any more. */
    void commit(CommitParticipant attachment) {
        committer.commit(author, attachment);
    }

    /** Values and an entry in one commit; see {@link #append(Said, boolean, CommitParticipant)}. */
    <R> void transact(
            Function<? super Transaction, ? extends R> work, Function<? super R, Said> said, boolean heedsCancel) {
        committer.transact(author, work, committer.retry(), outcome -> {
            Said entry = said.apply(outcome);
            LOG.debug("saga {}: about to write {}", run, entry);
            return Optional.of(entry(entry, heedsCancel, (scope, sequence) -> {}));
        });
        LOG.debug("saga {}: has written a step", run);
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
                boolean halts = heedsCancel && (givenUp || scope.sagas().isCancelled(run));
                return halts ? Optional.of(new SagaHaltedSignal()) : Optional.empty();
            }
        };
    }

    void write(Said said, WriteTransaction scope, long sequence) {
        scope.enter(run, claim(), sequence, said);
        scope.claims().renew(claim(), scope.now());
    }

    ClaimToken token() {
        return claim.ref().token();
    }

    private long claim() {
        return claim.ref().token().claim();
    }

    /** An entry about a step. */
    static Said said(JournalEntry.Type kind, String step, int attempt, @Nullable String text) {
        return new Said(kind, step, attempt, text);
    }
}
