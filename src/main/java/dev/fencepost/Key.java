package dev.fencepost;

import dev.fencepost.internal.util.Arguments;
import dev.fencepost.internal.util.Names;

/**
 * The name of a value in a store, with the codec of the value. Names are 1 to {@value #MAX_BYTES} bytes of UTF-8
 * without control characters, by convention divided by {@code /}. Immutable.
 *
 * @param name the name; unique in a store
 * @param codec the codec that writes the value as text
 * @param <T> the type of the value
 */
public record Key<T>(String name, Codec<T> codec) {
    /** The longest name, in bytes of UTF-8. */
    public static final int MAX_BYTES = 512;

    /**
     * Creates a key with a custom codec.
     *
     * @throws InvalidInputException if the name is empty, too long, not well-formed, or has control characters
     */
    public Key {
        Names.checkKey(name);
        Arguments.required(codec, "codec");
    }

    /** Creates a key whose value is plain text. */
    public static Key<String> text(String name) {
        return new Key<>(name, Codec.text());
    }

    /** Creates a key whose value is stored as JSON. Needs {@code jackson-databind}; see {@link Codec#json}. */
    public static <T> Key<T> json(String name, Class<T> type) {
        return new Key<>(name, Codec.json(type));
    }

    /** Compares keys by name only: keys with equal names and different codecs are equal. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Key<?> key && key.name.equals(name);
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
