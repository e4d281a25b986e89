package dev.fencepost.event;

import dev.fencepost.Change;
import dev.fencepost.Prefix;
import dev.fencepost.internal.util.Arguments;
import dev.fencepost.internal.util.Names;

/**
 * A selection of the changes to read: versions of keys, or events of streams. Changes are in commit order, and within
 * one commit in the order in which it wrote them. Immutable.
 *
 * @param <E> the type of a change
 */
public sealed interface ChangeSource<E> {
    /** Returns the prefix of the names of the keys or streams, or the name of the one stream. */
    String name();

    /** Returns the source of all versions of the keys with a prefix, tombstones included. */
    static <T> ChangeSource<Change<T>> values(Prefix<T> prefix) {
        return new Values<>(prefix);
    }

    /**
     * Returns the source of all events of the streams whose names begin with a prefix.
     *
     * @param codec the codec of all these streams
     */
    static <T> ChangeSource<Event<T>> events(String prefix, EventCodec<T> codec) {
        Arguments.required(prefix, "prefix");
        Arguments.required(codec, "codec");
        return new Events<>(prefix, codec);
    }

    /** Returns the source of all events of one stream. */
    static <T> ChangeSource<Event<T>> stream(EventStream<T> stream) {
        return new OneStream<>(stream);
    }

    /** The source that {@link #values} returns. */
    record Values<T>(Prefix<T> prefix) implements ChangeSource<Change<T>> {
        public Values {
            Arguments.required(prefix, "prefix");
        }

        @Override
        public String name() {
            return prefix.name();
        }
    }

    /** The source that {@link #events} returns. */
    record Events<T>(String name, EventCodec<T> codec) implements ChangeSource<Event<T>> {
        public Events {
            Arguments.required(codec, "codec");
            Names.checkPrefix(name);
        }
    }

    /** The source that {@link #stream} returns. */
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
