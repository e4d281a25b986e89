package dev.fencepost;

import java.util.List;

/**
 * The events are in the file.
 *
 * @param events where they stand, in the order in which they were given; one whose ID the stream had
 *     already, with the same body, is the one that was stored first
 * @param duplicates how many of them were there already
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
