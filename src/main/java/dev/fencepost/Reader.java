package dev.fencepost;

import dev.fencepost.event.Event;
import dev.fencepost.event.EventStream;
import dev.fencepost.event.Fold;
import dev.fencepost.event.FoldState;
import dev.fencepost.history.PrunedException;
import dev.fencepost.internal.util.Arguments;
import java.util.List;
import java.util.Optional;

/**
 * A source of reads: the {@link Store} in its current state, or the consistent state that a {@link Transaction} or
 * {@link Snapshot} reads.
 */
public interface Reader {
    /**
     * Returns the value of a key, or empty if there is none.
     *
     * @throws CodecException if the text in the file is not valid for the key's codec
     */
    <T> Optional<Versioned<T>> get(Key<T> key);

    /**
     * Returns all keys with a prefix that have a value, in the order of their names' code points, from one consistent
     * state. Up to {@link Page#MAX_ENTRIES} keys and {@link Page#MAX_LIST_BYTES} bytes of text.
     *
     * @throws ResultTooLargeException if there are more; use {@link #list(Prefix, String, int)}
     * @throws CodecException if the text in the file is not valid for the prefix's codec
     */
    <T> List<Versioned<T>> list(Prefix<T> prefix);

    /**
     * Returns a page of the keys with a prefix that have a value, in the order of their names' code points.
     *
     * <p>A {@link Transaction} that reads a page depends on the whole prefix. If another commit adds a key anywhere
     * under the prefix, the function runs again.
     *
     * @param after the name of the key after which to begin; the empty text begins with the first. The key need not
     *     exist
     * @param limit the most keys, from 1 to {@link Page#MAX_ENTRIES}
     * @throws InvalidInputException if the limit is out of bounds, or {@code after} is not well-formed
     * @throws CodecException if the text in the file is not valid for the prefix's codec
     */
    <T> Page<Versioned<T>> list(Prefix<T> prefix, String after, int limit);

    /**
     * Returns a page of the events of a stream, in order.
     *
     * @param after the number of the event after which to begin; 0 begins with the first
     * @param limit the most events, from 1 to {@link Page#MAX_ENTRIES}
     * @throws InvalidInputException if the number or the limit is out of bounds
     * @throws PrunedException if the first of them has been pruned
     * @throws InvalidInputException if the stream has no event of that number yet
     * @throws CodecException if the text in the file is not valid for the stream's codec
     */
    <T> Page<Event<T>> events(EventStream<T> stream, long after, int limit);

    /**
     * Returns all events of a stream, in order. Up to {@link Page#MAX_ENTRIES} events and {@link Page#MAX_LIST_BYTES}
     * bytes of text.
     *
     * @throws ResultTooLargeException if there are more; use {@link #events(EventStream, long, int)} or {@link #fold}
     * @throws PrunedException if the first events have been pruned
     * @throws CodecException if the text in the file is not valid for the stream's codec
     */
    <T> List<Event<T>> events(EventStream<T> stream);

    /**
     * Folds the events of a stream into a state, from the first event on. Reads a page of events at a time.
     *
     * @throws PrunedException if the first events have been pruned
     */
    default <T, S> FoldState<S> fold(EventStream<T> stream, Fold<T, S> fold) {
        Arguments.required(stream, "stream");
        Arguments.required(fold, "fold");
        return fold(stream, fold, new FoldState<>(fold.initial(), 0));
    }

    /**
     * Continues a fold from a state, with the events after it. Reads a page of events at a time.
     *
     * @param before the state to continue from; number 0 begins with the first event
     * @return the state after the newest event
     * @throws PrunedException if the first events after the state have been pruned
     */
    default <T, S> FoldState<S> fold(EventStream<T> stream, Fold<T, S> fold, FoldState<S> before) {
        Arguments.required(stream, "stream");
        Arguments.required(fold, "fold");
        FoldState<S> folded = Arguments.required(before, "before");
        while (true) {
            Page<Event<T>> page = events(stream, folded.number(), 1_000);
            for (Event<T> event : page) {
                S next = fold.step().apply(folded.state(), event);
                if (next == null) {
                    throw new InvalidInputException(
                            "The step of the fold '" + fold.name() + "' returned null for event " + event.number()
                                    + " of the stream '" + stream + "'; return a state");
                }
                folded = new FoldState<>(next, event.number());
            }
            if (!page.more()) {
                return folded;
            }
        }
    }
}
