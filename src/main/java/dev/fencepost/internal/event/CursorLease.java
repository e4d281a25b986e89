package dev.fencepost.internal.event;

import dev.fencepost.Claim;
import dev.fencepost.ClaimResult;
import dev.fencepost.DeadlockException;
import dev.fencepost.FencedException;
import dev.fencepost.InvalidInputException;
import dev.fencepost.Key;
import dev.fencepost.Transaction;
import dev.fencepost.event.Cursor;
import dev.fencepost.event.CursorOvertakenException;
import dev.fencepost.internal.claim.DefaultClaim;
import dev.fencepost.internal.commit.CommitParticipant;
import dev.fencepost.internal.commit.ReservedKeys;
import dev.fencepost.internal.commit.WriteTransaction;
import dev.fencepost.internal.event.ChangeReader.Entries;
import dev.fencepost.internal.sql.CursorRow;
import dev.fencepost.internal.sql.CursorTables;
import dev.fencepost.internal.sql.LogRow;
import dev.fencepost.internal.util.Deadline;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The right to consume by a cursor while its claim is held: the position of the cursor, and the batch that was read
 * after it. The cursor moves only in a commit under the claim, and only from the start of this batch. Not thread-safe.
 *
 * @param <E> the type of a decoded change
 */
final class CursorLease<E> implements AutoCloseable {
    /** The number of commits without a change of its source after which the cursor is moved past them. */
    private static final int IDLE = 1_000;

    /** The number of renewals within the longest time that a claim may be held without one. */
    private static final int PARTS = 3;

    private final DefaultChangeFeed feed;
    private final Cursor<E> cursor;
    private final DefaultClaim claim;
    private final ChangeReader<E> reading;
    private final Duration renewEvery;
    private Deadline sinceRenewed;
    private Progress kept;
    private Entries batch;

    private CursorLease(
            DefaultChangeFeed feed, Cursor<E> cursor, DefaultClaim claim, ChangeReader<E> reading, Progress kept) {
        this.feed = feed;
        this.cursor = cursor;
        this.claim = claim;
        this.reading = reading;
        this.kept = kept;
        this.batch = new Entries(List.of(), kept.at(), kept.at(), true);
        this.renewEvery = (cursor.lease().heartbeats()
                        ? cursor.lease().maxHold()
                        : cursor.lease().length())
                .dividedBy(PARTS);
        this.sinceRenewed = Deadline.after(renewEvery);
    }

    /**
     * The progress of a cursor.
     *
     * @param at the sequence up to which all changes are done
     * @param handled the newest entry of the log that is done in the commit after that; 0 if none is
     * @param attempts the number of times that the next change has failed
     */
    private record Progress(long at, long handled, int attempts) {}

    static Key<String> key(String cursor) {
        return Key.text(ReservedKeys.PREFIX + "cursor:" + cursor);
    }

    static String what(Cursor<?> cursor) {
        return "The cursor '" + cursor.name() + "'";
    }

    /**
     * The state of a cursor, as a process without its claim sees it.
     *
     * @param hasWork whether there may be changes to handle
     * @param at the sequence of the cursor
     * @param through the last sequence that was examined
     */
    record Preview(boolean hasWork, long at, long through) {}

    /**
     * Reads the state of a cursor without its claim. Each claim is a commit, which wakes all processes that wait for
     * changes. So a consumer that waits does not claim before there are changes to handle.
     */
    static <E> Preview look(DefaultChangeFeed feed, Cursor<E> cursor) {
        ChangeReader<E> reading = ChangeReader.of(cursor.source());
        Optional<CursorRow> row = feed.parts().reads().read(session -> new CursorTables(session).cursor(cursor.name()));
        if (row.filter(reading::isOf).isEmpty()) {
            // The cursor does not exist yet, or reads another source and is refused.
            return new Preview(true, cursor.after(), 0);
        }
        long at = row.get().at();
        Entries next;
        try {
            next = feed.read(reading, what(cursor), at, 1, cursor.compacted());
        } catch (CursorOvertakenException e) {
            // Another consumer may be about to acknowledge the pruned changes. Only the holder of the claim can tell.
            return new Preview(true, at, at);
        }
        return new Preview(!next.isEmpty() || next.through() - at > IDLE, at, next.through());
    }

    /**
     * Waits for the claim, and then reads the position of the cursor.
     *
     * @return empty if other consumers held the claim for the whole wait
     * @throws DeadlockException if the holder of the claim waits for this thread
     */
    static <E> Optional<CursorLease<E>> begin(DefaultChangeFeed feed, Cursor<E> cursor, Duration wait) {
        ClaimResult asked =
                feed.parts().claims().claim(feed.agent(), List.of(key(cursor.name())), cursor.lease(), wait);
        if (asked instanceof ClaimResult.Busy) {
            return Optional.empty();
        }
        DefaultClaim claim = (DefaultClaim) asked.orThrow();
        try {
            ChangeReader<E> reading = ChangeReader.of(cursor.source());
            Progress at = findOrBegin(feed, cursor, claim, reading);
            return Optional.of(new CursorLease<>(feed, cursor, claim, reading, at));
        } catch (RuntimeException | Error e) {
            claim.abandon();
            throw e;
        }
    }

    private static <E> Progress findOrBegin(
            DefaultChangeFeed feed, Cursor<E> cursor, DefaultClaim claim, ChangeReader<E> reading) {
        Optional<CursorRow> found =
                feed.parts().reads().read(session -> new CursorTables(session).cursor(cursor.name()));
        if (found.isEmpty()) {
            claim.commit((scope, sequence) -> {
                checkStart(cursor, sequence);
                scope.feed()
                        .insertCursor(
                                new CursorRow(
                                        cursor.name(),
                                        key(cursor.name()).name(),
                                        reading.log().word(),
                                        reading.name(),
                                        cursor.after(),
                                        0,
                                        Optional.empty(),
                                        0,
                                        0),
                                sequence);
            });
            return new Progress(cursor.after(), 0, 0);
        }
        CursorRow row = found.get();
        refuseOther(cursor, reading, row);
        return new Progress(row.at(), row.handled(), row.attempts());
    }

    /** Refuses a cursor that was begun with another source. */
    static void refuseOther(Cursor<?> cursor, ChangeReader<?> reading, CursorRow row) {
        if (!reading.isOf(row)) {
            throw new InvalidInputException("The cursor '" + cursor.name() + "' reads " + row.source() + " of '"
                    + row.prefix() + "', not " + reading.log().word() + " of '" + reading.name()
                    + "'. Use another cursor name, or drop the cursor first");
        }
    }

    private static void checkStart(Cursor<?> cursor, long sequence) {
        if (cursor.after() >= sequence) {
            throw new InvalidInputException("The cursor '" + cursor.name() + "' begins after sequence " + cursor.after()
                    + ", but the newest commit is " + (sequence - 1) + "; begin there or earlier");
        }
    }

    /**
     * Reads the next batch.
     *
     * @return whether it has any changes
     * @throws FencedException if it has none and the claim has ended, which no commit of an idle consumer would reveal
     */
    boolean next() {
        return accept(read(batch.through()));
    }

    /** Reads the next batch like {@link #next}, and waits for changes if there are none. */
    boolean awaitNext(Deadline deadline) {
        return accept(
                new EntryWaiter(this::read, batch.through()).await(feed.parts().notifier(), deadline));
    }

    private Entries read(long after) {
        return feed.read(reading, what(cursor), after, cursor.batch(), cursor.compacted())
                .afterEntry(kept.handled());
    }

    private boolean accept(Entries entries) {
        batch = entries;
        if (batch.isEmpty() && batch.through() - kept.at() > IDLE) {
            moveOn();
        } else if (sinceRenewed.over()) {
            claim.renew();
            sinceRenewed = Deadline.after(renewEvery);
        } else if (batch.isEmpty()) {
            // An idle consumer writes nothing, so it must check explicitly whether it has been fenced.
            feed.parts().claims().held(claim.token());
        }
        return !batch.isEmpty();
    }

    /** Returns the number of changes of the batch that are not done. */
    int size() {
        return batch.rows().size();
    }

    /** Returns a change of the batch, still encoded. */
    LogRow row(int index) {
        return batch.rows().get(index);
    }

    /** Decodes a change of the batch. */
    E change(int index) {
        return reading.decode(row(index));
    }

    /** Returns the number of times that the first change of the batch has failed. */
    int attempts() {
        return kept.attempts();
    }

    /** Returns the sequence up to which the batch goes. */
    long position() {
        return batch.through();
    }

    Claim claim() {
        return claim;
    }

    /** Returns whether other consumers wait for the claim. */
    boolean isWanted() {
        return feed.parts()
                .reads()
                .read(session ->
                        new CursorTables(session).hasWaiters(key(cursor.name()).name()));
    }

    /** Moves the cursor past the batch. */
    void moveOn() {
        moveOn(size(), 0, (scope, sequence) -> {});
    }

    /**
     * Moves the cursor past the first changes of the batch, which then has only the others.
     *
     * @param done the number of those changes
     * @param attempts the number of times that the change after them has failed
     * @param more writes in the same commit, after the move
     * @return the sequence of the cursor
     */
    long moveOn(int done, int attempts, CommitParticipant more) {
        Progress next = after(done, attempts);
        claim.commit(moving(next, more));
        moved(done, next);
        return next.at();
    }

    /** Writes, and moves the cursor past the first changes of the batch, in one commit. */
    void transact(int done, Consumer<? super Transaction> work) {
        Progress next = after(done, 0);
        CommitParticipant attachment = moving(next, (scope, sequence) -> {});
        claim.transact(
                tx -> {
                    work.accept(tx);
                    return true;
                },
                any -> attachment);
        moved(done, next);
    }

    /** Returns the progress after the first changes of the batch are done. */
    private Progress after(int done, int attempts) {
        if (done == size()) {
            return new Progress(batch.through(), 0, 0);
        }
        // The commit of the next change is only partly done.
        return new Progress(
                row(done).sequence() - 1,
                done == 0 ? kept.handled() : row(done - 1).id(),
                attempts);
    }

    private void moved(int done, Progress next) {
        kept = next;
        batch = new Entries(batch.rows().subList(done, size()), next.at(), batch.through(), batch.more());
        // The commit that moves the cursor renews the claim.
        sinceRenewed = Deadline.after(renewEvery);
    }

    private CommitParticipant moving(Progress next, CommitParticipant more) {
        Progress from = kept;
        CommitParticipant move = moving(claim, cursor.name(), from, next.at());
        return new CommitParticipant() {
            @Override
            public void write(WriteTransaction scope, long sequence) {
                move.write(scope, sequence);
                if (next.handled() > 0 || next.attempts() > 0) {
                    scope.feed().progress(cursor.name(), next.handled(), next.attempts());
                }
                more.write(scope, sequence);
            }

            @Override
            public Optional<RuntimeException> veto(WriteTransaction scope) {
                return move.veto(scope);
            }
        };
    }

    /** Moves a cursor to a sequence, under the claim on its key. */
    static void move(DefaultClaim claim, CursorRow from, long to) {
        Progress before = new Progress(from.at(), from.handled(), 0);
        claim.commit(moving(claim, from.cursor(), before, to));
    }

    private static CommitParticipant moving(Claim claim, String cursor, Progress from, long to) {
        return new CommitParticipant() {
            @Override
            public void write(WriteTransaction scope, long sequence) {
                scope.feed().move(cursor, to, sequence);
                scope.claims().renew(claim.token().claim(), scope.now());
            }

            @Override
            public Optional<RuntimeException> veto(WriteTransaction scope) {
                return scope.feed()
                        .cursor(cursor)
                        .filter(row -> row.at() == from.at() && row.handled() == from.handled())
                        .map(row -> Optional.<RuntimeException>empty())
                        .orElseGet(() -> Optional.of(new InvalidInputException("The cursor '" + cursor
                                + "' is no longer at sequence " + from.at()
                                + "; a later batch was acknowledged, or the cursor was moved")));
            }
        };
    }

    /** Releases the claim after a failure. */
    void abandon() {
        claim.abandon();
    }

    /** Releases the claim. */
    @Override
    public void close() {
        claim.close();
    }
}
