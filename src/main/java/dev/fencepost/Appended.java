package dev.fencepost;

import dev.fencepost.event.Event;
import dev.fencepost.event.EventStream;
import java.util.List;

/**
 * An append that succeeded: the events are in the file.
 *
 * @param events the stored events, in the order in which they were given. An event whose ID the stream already had,
 *     with the same body, is the one that was stored first
 * @param duplicates the number of events that the stream already had
 */
public record Appended<T>(EventStream<T> stream, List<Event<T>> events, int duplicates) implements AppendResult<T> {
    public Appended {
        events = List.copyOf(events);
    }

    @Override
    public Appended<T> orThrow() {
        return this;
    }
}
