package dev.fencepost;

/**
 * Which changes to read, out of all that was committed: versions of keys, or events of streams. In the order of commits, and
 * of one commit in the order in which it wrote them. Immutable.
 *
 * @param <E> what a change is read as
 */
public sealed interface ChangeSource<E> {
    /** What the names of its keys or streams begin with, or the one name. */
    String name();

    /** All versions of the keys with a prefix, tombstones included. */
    static <T> ChangeSource<Change<T>> values(Prefix<T> prefix) {
        return new Values<>(prefix);
    }

    /**
     * All events of the streams whose names begin with a prefix.
     *
     * @param codec of all of them
     */
    static <T> ChangeSource<Event<T>> events(String prefix, EventCodec<T> codec) {
        Arguments.required(prefix, "prefix");
        Arguments.required(codec, "codec");
        return new Events<>(prefix, codec);
    }

    /** All events of one stream. */
    static <T> ChangeSource<Event<T>> stream(EventStream<T> stream) {
        return new OneStream<>(stream);
    }

    /** See {@link #values}. */
    record Values<T>(Prefix<T> prefix) implements ChangeSource<Change<T>> {
        public Values {
            Arguments.required(prefix, "prefix");
        }

        @Override
        public String name() {
            return prefix.name();
        }
    }

    /** See {@link #events}. */
    record Events<T>(String name, EventCodec<T> codec) implements ChangeSource<Event<T>> {
        public Events {
            Arguments.required(codec, "codec");
            Names.checkPrefix(name);
        }
    }

    /** See {@link #stream}. */
    record OneStream<T>(EventStream<T> stream) implements ChangeSource<Event<T>> {
        public OneStream {
            Arguments.required(stream, "stream");
        }

        @Override
        public String name() {
            return stream.name();
        }
    }
}
