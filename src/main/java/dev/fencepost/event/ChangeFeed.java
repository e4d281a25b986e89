package dev.fencepost.event;

import dev.fencepost.Agent;
import dev.fencepost.ClaimBusyException;
import dev.fencepost.CodecException;
import dev.fencepost.InvalidInputException;
import dev.fencepost.Page;
import dev.fencepost.ResultTooLargeException;
import dev.fencepost.Store;
import dev.fencepost.StoreConfig;
import dev.fencepost.Transaction;
import dev.fencepost.Writer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * The changes of a store, in commit order. They are read from any sequence that is still kept, or consumed with a
 * {@link Cursor}, which is stored in the file. The agent of the feed is the consumer. Safe for use by many threads.
 *
 * @see Agent#feed()
 */
public interface ChangeFeed {
    /**
     * Reads changes after a sequence, without a cursor. A batch ends at the limit, or earlier: with the last commit
     * whose texts fit into {@link Page#MAX_BYTES}. A commit is never divided, so a single larger commit makes a batch
     * of its own.
     *
     * @param after the sequence after which to begin; 0 or more
     * @param limit the most changes, from 1 to 10,000; more if one commit has more
     * @throws CursorOvertakenException if some of the changes after the sequence were pruned
     * @throws InvalidInputException if the sequence is beyond the newest commit
     */
    <E> Batch<E> read(ChangeSource<E> source, long after, int limit);

    /**
     * Reads changes like {@link #read}, and waits for some if there are none. Commits of other processes wake the
     * waiter promptly too, where the system reports them; see {@link Store#awaitChange}.
     *
     * @param wait the longest wait; at most {@link StoreConfig#maxWait()}
     * @return the changes; empty only after the whole wait
     */
    <E> Batch<E> await(ChangeSource<E> source, long after, int limit, Duration wait);

    /**
     * Passes each change to a function, in order, at least once. If a process dies before it acknowledges changes, they
     * are passed again, in this process or another. Runs on a thread of its own.
     *
     * @param handler must tolerate the same change again, even in this process. If another process takes over during a
     *     stall, or the cursor is moved, a running call is not stopped. Its acknowledgement is then refused
     */
    default <E> Subscription subscribe(Cursor<E> cursor, Consumer<? super E> handler) {
        return subscribe(cursor, handler, SubscriptionOptions.standard());
    }

    /**
     * Passes each change to a function, with a limit on attempts; see {@link #subscribe(Cursor, Consumer)}.
     *
     * <p>When the function fails, the changes that it handled before are acknowledged, and the next attempt begins with
     * the change that failed.
     */
    <E> Subscription subscribe(Cursor<E> cursor, Consumer<? super E> handler, SubscriptionOptions options);

    /**
     * Passes each change to a function that writes, in order, and moves the cursor in the same commit as those writes.
     * So each change takes effect exactly once, even if a process dies or stalls in between. A batch is one
     * transaction. Runs on a thread of its own.
     *
     * @param projection must have no effects except through the transaction; see {@link Writer#transact}
     */
    default <E> Subscription project(Cursor<E> cursor, BiConsumer<? super Transaction, ? super E> projection) {
        return project(cursor, projection, SubscriptionOptions.standard());
    }

    /**
     * Passes each change to a function that writes, with a limit on attempts; see {@link #project(Cursor, BiConsumer)}.
     *
     * <p>When the function fails, each change of the batch gets a transaction of its own, up to the change that fails.
     */
    <E> Subscription project(
            Cursor<E> cursor, BiConsumer<? super Transaction, ? super E> projection, SubscriptionOptions options);

    /**
     * Claims the next changes of a cursor, as soon as there are any and no other consumer holds the cursor's claim.
     *
     * @param wait the longest wait; at most {@link StoreConfig#maxWait()}
     * @return the changes; empty if the wait ended first
     * @throws CursorOvertakenException if some of the next changes were pruned
     */
    <E> Optional<ClaimedBatch<E>> claimBatch(Cursor<E> cursor, Duration wait);

    /**
     * Returns a page of the dead letters of a cursor, in the order of their changes.
     *
     * @param after the ID after which to begin; 0 begins with the first
     * @param limit the most dead letters, from 1 to {@link Page#MAX_ENTRIES}
     * @throws InvalidInputException if there is no such cursor, or a number is out of its bounds
     */
    Page<DeadLetter> deadLetters(String cursor, long after, int limit);

    /**
     * Claims one dead letter, under the claim of the cursor, to handle its change again. Acknowledging the batch, or
     * projecting it, removes the dead letter; closing it keeps the dead letter.
     *
     * @param cursor the cursor, with the source of the change
     * @param wait the longest wait for other consumers; at most {@link StoreConfig#maxWait()}
     * @return the batch with the one change; empty if other consumers held the claim for the whole wait
     * @throws InvalidInputException if there is no such dead letter, or the cursor reads another source
     * @throws CodecException if the change cannot be decoded; the dead letter stays
     */
    <E> Optional<ClaimedBatch<E>> claimDeadLetter(Cursor<E> cursor, long id, Duration wait);

    /**
     * Removes a dead letter without handling its change.
     *
     * @throws InvalidInputException if there is no such dead letter
     */
    void discardDeadLetter(String cursor, long id);

    /**
     * Returns all cursors, in the order of their names. Up to {@link Page#MAX_ENTRIES}.
     *
     * @throws ResultTooLargeException if there are more; use {@link #cursors(String, int)}
     */
    List<CursorInfo> cursors();

    /**
     * Returns a page of the cursors, in the order of their names.
     *
     * @param after the name of the cursor after which to begin; the empty text begins with the first. It need not exist
     * @param limit the most cursors, from 1 to {@link Page#MAX_ENTRIES}
     * @throws InvalidInputException if the limit is out of bounds, or {@code after} is not well-formed
     */
    Page<CursorInfo> cursors(String after, int limit);

    /** Returns the cursor of a name; empty if there is none. */
    Optional<CursorInfo> cursor(String name);

    /**
     * Moves a cursor forward or back. This is an operator's action. The current consumer is fenced.
     *
     * @param sequence the new position: every change up to it counts as done
     * @throws InvalidInputException if there is no such cursor, or no such sequence
     */
    void move(String cursor, long sequence);

    /**
     * Removes a cursor.
     *
     * @throws ClaimBusyException if another consumer holds its claim
     * @throws InvalidInputException if there is no such cursor, or it has dead letters
     */
    void drop(String cursor);
}
