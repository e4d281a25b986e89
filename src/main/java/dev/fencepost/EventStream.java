package dev.fencepost;

/**
 * A name under which events are appended, with their codec. Names are as those of keys, and have nothing to do with them: a
 * stream and a key may have the same. Immutable.
 *
 * @param name the name; unique among the streams of a store
 * @param codec how events are written as text
 * @param <T> the type of the events
 */
public record EventStream<T>(String name, EventCodec<T> codec) {
    /**
     * A stream with a codec of your own.
     *
     * @throws InvalidInputException if the name is empty, too long, not well-formed, or has control characters
     */
    public EventStream {
        Names.checkStream(name);
        Arguments.required(codec, "codec");
    }

    /** A stream of plain text. */
    public static EventStream<String> text(String name) {
        Arguments.required(name, "name");
        return new EventStream<>(name, EventCodec.of(Codec.text()));
    }

    /** A stream of events that are kept as JSON. Needs {@code jackson-databind}; see {@link Codec#json}. */
    public static <T> EventStream<T> json(String name, Class<T> type) {
        return new EventStream<>(name, EventCodec.of(Codec.json(type)));
    }

    /** Streams are equal when their names are. */
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
