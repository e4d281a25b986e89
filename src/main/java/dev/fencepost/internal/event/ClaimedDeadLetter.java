package dev.fencepost.internal.event;

import dev.fencepost.Claim;
import dev.fencepost.Transaction;
import dev.fencepost.event.ClaimedBatch;
import dev.fencepost.internal.claim.DefaultClaim;
import dev.fencepost.internal.commit.CommitParticipant;
import dev.fencepost.internal.commit.WriteTransaction;
import dev.fencepost.internal.sql.LogRow;
import dev.fencepost.internal.util.Arguments;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** A dead letter that an agent has claimed, to handle its change again. */
final class ClaimedDeadLetter<E> implements ClaimedBatch<E>, CommitParticipant {
    private final String cursor;
    private final DefaultClaim claim;
    private final LogRow row;
    private final E change;

    ClaimedDeadLetter(String cursor, Claim claim, LogRow row, E change) {
        this.cursor = cursor;
        this.claim = (DefaultClaim) claim;
        this.row = row;
        this.change = change;
    }

    @Override
    public List<E> changes() {
        return List.of(change);
    }

    @Override
    public long through() {
        return row.sequence();
    }

    @Override
    public Claim claim() {
        return claim;
    }

    @Override
    public void write(WriteTransaction scope, long sequence) {
        scope.feed().dropLetter(cursor, row.id());
    }

    @Override
    public Optional<RuntimeException> veto(WriteTransaction scope) {
        return scope.feed().letter(cursor, row.id()).isPresent()
                ? Optional.empty()
                : Optional.of(DeadLetters.missing(cursor, row.id()));
    }

    @Override
    public synchronized void acknowledge() {
        claim.commit(this);
        claim.close();
    }

    @Override
    public synchronized void project(Consumer<? super Transaction> work) {
        Arguments.required(work, "work");
        claim.transact(
                tx -> {
                    work.accept(tx);
                    return true;
                },
                done -> this);
        claim.close();
    }

    @Override
    public void close() {
        claim.close();
    }
}
