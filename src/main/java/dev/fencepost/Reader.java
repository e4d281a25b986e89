package dev.fencepost;

import java.util.List;
import java.util.Optional;

/** What can be read: the {@link Store} as it is now, or the cut of it that a {@link Transaction} or {@link Snapshot} has. */
public interface Reader {
    /**
     * The value of a key, or empty if there is none.
     *
     * @throws CodecException if the text in the file is not one of the key's codec
     */
    <T> Optional<Versioned<T>> get(Key<T> key);

    /** All keys with this prefix that have a value, in the order of their names' code points, from one consistent cut. */
    <T> List<Versioned<T>> list(Prefix<T> prefix);

    /**
     * Events of a stream, in order.
     *
     * @param after the number of the event after which to begin; 0 begins with the first
     * @param limit how many at most; at least 1
     * @throws NoLongerKeptException if the first of them has been let go
     * @throws InvalidInputException if the stream has no event of that number yet
     * @throws CodecException if the text in the file is not one of the stream's codec
     */
    <T> List<Event<T>> events(EventStream<T> stream, long after, int limit);

    /** All events of a stream, in order; see {@link #events(EventStream, long, int)}. */
    default <T> List<Event<T>> events(EventStream<T> stream) {
        return events(stream, 0, Integer.MAX_VALUE);
    }

    /**
     * What the events of a stream come to, read a few at a time from the first on.
     *
     * @throws NoLongerKeptException if the first events have been let go
     */
    default <T, S> Folded<S> fold(EventStream<T> stream, Fold<T, S> fold) {
        Arguments.required(stream, "stream");
        Arguments.required(fold, "fold");
        return fold.over(this, stream, new Folded<>(fold.initial(), 0));
    }
}
