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
public interface Feed {
    /**
     * Reads changes after a place, without a cursor. A batch ends at the limit, or earlier: with the last commit whose
     * texts fit into {@link Page#MAX_BYTES}. A commit is never divided, so a single larger commit makes a batch of its own.
     *
     * @param after the place in the order of the store after which to begin; 0 or more
     * @param limit how many changes, from 1 to 10,000; more if one commit has more
     * @throws CursorOvertakenException if some of what came after that is no longer kept
     * @throws InvalidInputException if the place is beyond the newest commit
     */
    <E> Batch<E> read(Source<E> source, long after, int limit);

    /**
     * As {@link #read}, waiting for something to read if there is nothing. Notice comes promptly from other processes too,
     * where the system gives it; see {@link Store#awaitChange}.
     *
     * @param wait the longest wait; at most {@link StoreConfig#longestWait()}
     * @return empty only when the wait was over
     */
    <E> Batch<E> await(Source<E> source, long after, int limit, Duration wait);

    /**
     * Hands each change to a function, in order, at least once: what was handed over and not acknowledged when a process
     * died is handed over again, here or elsewhere. Runs on a thread of its own.
     *
     * @param handler must bear being given a change again, also here: after a stall in which another process took over, or
     *     after the cursor was moved, what it is doing is not stopped, but its acknowledgement is refused
     */
    <E> Subscription subscribe(Cursor<E> cursor, Consumer<? super E> handler);

    /**
     * Hands each change to a function that writes, in order, and moves the cursor in the same commit as what it wrote:
     * each change takes effect exactly once, whoever dies or stalls in between. A batch is one transaction. Runs on a
     * thread of its own.
     *
     * @param projection must have no effects but through the transaction; see {@link Writer#transact}
     */
    <E> Subscription project(Cursor<E> cursor, BiConsumer<? super Transaction, ? super E> projection);

    /**
     * Takes the next changes of a cursor, as soon as there are any and nobody else consumes by it.
     *
     * @param wait the longest wait; at most {@link StoreConfig#longestWait()}
     * @return what was taken; empty if the wait was over before
     * @throws CursorOvertakenException if some of what comes next is no longer kept
     */
    <E> Optional<TakenBatch<E>> take(Cursor<E> cursor, Duration wait);

    /**
     * Returns all cursors, in the order of their names. Up to {@link Page#MAX_ENTRIES}.
     *
     * @throws ResultTooLargeException if there are more; use {@link #cursors(String, int)}
     */
    List<CursorView> cursors();

    /**
     * Returns a page of the cursors, in the order of their names.
     *
     * @param after the name of the cursor after which to begin; the empty text begins with the first. It need not exist
     * @param limit the most cursors, from 1 to {@link Page#MAX_ENTRIES}
     * @throws InvalidInputException if the limit is out of bounds, or {@code after} is not well-formed
     */
    Page<CursorView> cursors(String after, int limit);

    /** Returns the cursor of a name; empty if there is none. */
    Optional<CursorView> cursor(String name);

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
     * @throws BusyException if somebody consumes by it
     * @throws InvalidInputException if there is no such cursor
     */
    void drop(String cursor);
}
