package dev.fencepost.event;

import dev.fencepost.Codec;
import dev.fencepost.InvalidInputException;
import dev.fencepost.internal.util.Arguments;
import dev.fencepost.internal.util.Names;

/**
 * A name under which events are appended, with their codec. The rules for names are those of keys. Streams and keys are
 * separate: a stream and a key may have the same name. Immutable.
 *
 * @param name the name; unique among the streams of a store
 * @param codec the codec of the events
 * @param <T> the type of the events
 */
public record EventStream<T>(String name, EventCodec<T> codec) {
    /**
     * Creates a stream with a codec.
     *
     * @throws InvalidInputException if the name is empty, too long, not well-formed, or has control characters
     */
    public EventStream {
        Names.checkStream(name);
        Arguments.required(codec, "codec");
    }

    /** Creates a stream of plain text. */
    public static EventStream<String> text(String name) {
        Arguments.required(name, "name");
        return new EventStream<>(name, EventCodec.of(Codec.text()));
    }

    /** Creates a stream of events that are stored as JSON. Needs {@code jackson-databind}; see {@link Codec#json}. */
    public static <T> EventStream<T> json(String name, Class<T> type) {
        return new EventStream<>(name, EventCodec.of(Codec.json(type)));
    }

    /** Returns whether the other object is a stream of the same name; codecs are not compared. */
    @Override
    public boolean equals(Object other) {
        return other instanceof EventStream<?> stream && stream.name.equals(name);
    }

    @Override
    public int hashCode() {
        return name.hashCode();
    }

    @Override
    public String toString() {
        return name;
    }
}
