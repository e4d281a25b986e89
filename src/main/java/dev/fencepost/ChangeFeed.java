package dev.fencepost;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * What has changed, in the order of commits: to be read from any place that is still kept, or consumed by a {@link Cursor}
 * that stays in the file, in an agent's name. Safe for use by many threads.
 *
 * @see Agent#feed()
 */
public interface ChangeFeed {
    /**
     * Reads changes after a place, without a cursor. A batch ends at the limit, or earlier: with the last commit whose
     * texts fit into {@link Page#MAX_BYTES}. A commit is never divided, so a single larger commit makes a batch of its own.
     *
     * @param after the place in the order of the store after which to begin; 0 or more
     * @param limit how many changes, from 1 to 10,000; more if one commit has more
     * @throws CursorOvertakenException if some of what came after that is no longer kept
     * @throws InvalidInputException if the place is beyond the newest commit
     */
    <E> Batch<E> read(ChangeSource<E> source, long after, int limit);

    /**
     * As {@link #read}, waiting for something to read if there is nothing. Notice comes promptly from other processes too,
     * where the system gives it; see {@link Store#awaitChange}.
     *
     * @param wait the longest wait; at most {@link StoreConfig#maxWait()}
     * @return empty only when the wait was over
     */
    <E> Batch<E> await(ChangeSource<E> source, long after, int limit, Duration wait);

    /**
     * Hands each change to a function, in order, at least once: what was handed over and not acknowledged when a process
     * died is handed over again, here or elsewhere. Runs on a thread of its own.
     *
     * @param handler must bear being given a change again, also here: after a stall in which another process took over, or
     *     after the cursor was moved, what it is doing is not stopped, but its acknowledgement is refused
     */
    default <E> Subscription subscribe(Cursor<E> cursor, Consumer<? super E> handler) {
        return subscribe(cursor, handler, SubscriptionOptions.standard());
    }

    /**
     * Hands each change to a function, with a limit on attempts; see {@link #subscribe(Cursor, Consumer)}.
     *
     * <p>When the function fails, the changes that it handled before are acknowledged, and the next attempt begins with the
     * change that failed.
     */
    <E> Subscription subscribe(Cursor<E> cursor, Consumer<? super E> handler, SubscriptionOptions options);

    /**
     * Hands each change to a function that writes, in order, and moves the cursor in the same commit as what it wrote:
     * each change takes effect exactly once, whoever dies or stalls in between. A batch is one transaction. Runs on a
     * thread of its own.
     *
     * @param projection must have no effects but through the transaction; see {@link Writer#transact}
     */
    default <E> Subscription project(Cursor<E> cursor, BiConsumer<? super Transaction, ? super E> projection) {
        return project(cursor, projection, SubscriptionOptions.standard());
    }

    /**
     * Hands each change to a function that writes, with a limit on attempts; see {@link #project(Cursor, BiConsumer)}.
     *
     * <p>When the function fails, each change of the batch gets a transaction of its own, up to the change that fails.
     */
    <E> Subscription project(
            Cursor<E> cursor, BiConsumer<? super Transaction, ? super E> projection, SubscriptionOptions options);

    /**
     * Takes the next changes of a cursor, as soon as there are any and nobody else consumes by it.
     *
     * @param wait the longest wait; at most {@link StoreConfig#maxWait()}
     * @return what was taken; empty if the wait was over before
     * @throws CursorOvertakenException if some of what comes next is no longer kept
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
     * Takes one dead letter, under the claim of the cursor, to handle its change again. Acknowledging the batch, or
     * projecting it, removes the dead letter; closing it keeps the dead letter.
     *
     * @param cursor with the source of the change
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
     * Moves a cursor, forward or back: an operator's act. Whoever consumes by it is fenced.
     *
     * @param sequence everything up to this place counts as done
     * @throws InvalidInputException if there is no such cursor, or no such place
     */
    void move(String cursor, long sequence);

    /**
     * Forgets a cursor.
     *
     * @throws ClaimBusyException if another consumer holds its claim
     * @throws InvalidInputException if there is no such cursor, or it has dead letters
     */
    void drop(String cursor);
}
