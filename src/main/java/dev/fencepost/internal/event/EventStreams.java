package dev.fencepost.internal.event;

import dev.fencepost.CodecException;
import dev.fencepost.Page;
import dev.fencepost.Reader;
import dev.fencepost.event.Event;
import dev.fencepost.event.EventStream;
import dev.fencepost.event.Fold;
import dev.fencepost.event.FoldState;
import dev.fencepost.internal.commit.CommitQueue;
import dev.fencepost.internal.read.AsOfReader;
import dev.fencepost.internal.read.ReaderPool;
import dev.fencepost.internal.sql.Bounds;
import dev.fencepost.internal.sql.EventTables;
import dev.fencepost.internal.sql.Listing;
import java.util.List;

/** Reads the present events of streams, and saves the states of folds. Safe for use by many threads. */
public final class EventStreams {
    private final CommitQueue queue;
    private final ReaderPool reads;

    public EventStreams(CommitQueue queue, ReaderPool reads) {
        this.queue = queue;
        this.reads = reads;
    }

    /** Returns a page of the events of a stream, in order. */
    public <T> Page<Event<T>> events(EventStream<T> stream, long after, int limit) {
        return events(stream, after, Listing.events(stream.name()).page(after, limit));
    }

    /** Returns all events of a stream, in order. */
    public <T> List<Event<T>> events(EventStream<T> stream) {
        return events(stream, 0, Listing.events(stream.name()).whole());
    }

    private <T> Page<Event<T>> events(EventStream<T> stream, long after, Bounds bounds) {
        return reads.read(session -> new AsOfReader(session, Long.MAX_VALUE).events(stream, after, bounds))
                .map(row -> row.in(stream));
    }

    /** Folds a stream, starting from the last saved state. */
    public <T, S> FoldState<S> fold(Reader store, EventStream<T> stream, Fold<T, S> fold) {
        FoldState<S> kept = reads.read(
                        session -> new EventTables(session).folded(stream.name(), fold.name(), fold.version()))
                .map(row -> new FoldState<>(decoded(fold, row.text()), row.number()))
                .orElseGet(() -> new FoldState<>(fold.initial(), 0));
        return store.fold(stream, fold, kept);
    }

    private static <S> S decoded(Fold<?, S> fold, String text) {
        S state = fold.codec().decode(text);
        if (state == null) {
            throw new CodecException("The codec of the fold '" + fold.name() + "' decoded a state as null", null);
        }
        return state;
    }

    /** Folds a stream, starting from the last saved state, and saves the new state. */
    public <T, S> FoldState<S> keep(Reader store, EventStream<T> stream, Fold<T, S> fold) {
        FoldState<S> folded = fold(store, stream, fold);
        if (folded.number() > 0) {
            String text = fold.codec().encode(folded.state());
            if (text == null) {
                throw new CodecException("The codec of the fold '" + fold.name() + "' encoded a state as null", null);
            }
            queue.change(scope ->
                    scope.events().saveFold(stream.name(), fold.name(), fold.version(), folded.number(), text));
        }
        return folded;
    }
}
