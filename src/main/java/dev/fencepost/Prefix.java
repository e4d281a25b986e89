package dev.fencepost;

import dev.fencepost.internal.util.Arguments;
import dev.fencepost.internal.util.Names;

/**
 * All keys whose names begin with the same text, with the codec of their values. The empty prefix names every key of
 * the store. Immutable.
 *
 * @param name the beginning of the names
 * @param codec the codec that writes the values as text
 * @param <T> the type of the values
 */
public record Prefix<T>(String name, Codec<T> codec) {
    /**
     * Creates a prefix with a custom codec.
     *
     * @throws InvalidInputException if the name is too long, not well-formed, or has control characters
     */
    public Prefix {
        Names.checkPrefix(name);
        Arguments.required(codec, "codec");
    }

    /** Creates a prefix of keys whose values are plain text. */
    public static Prefix<String> text(String name) {
        return new Prefix<>(name, Codec.text());
    }

    /**
     * Creates a prefix of keys whose values are stored as JSON. Needs {@code jackson-databind}; see {@link Codec#json}.
     */
    public static <T> Prefix<T> json(String name, Class<T> type) {
        return new Prefix<>(name, Codec.json(type));
    }

    /** Returns the key of this prefix with the given rest of its name. */
    public Key<T> key(String rest) {
        Arguments.required(rest, "rest");
        return new Key<>(name + rest, codec);
    }

    @Override
    public String toString() {
        return name + "*";
    }
}
