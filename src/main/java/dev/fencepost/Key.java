package dev.fencepost;

/**
 * A name under which a value is kept, with the codec of its value. Names are 1 to {@value #MAX_BYTES} bytes of UTF-8
 * without control characters, by habit divided by {@code /}. Immutable.
 *
 * @param name the name; unique in a store
 * @param codec how the value is written as text
 * @param <T> the type of the value
 */
public record Key<T>(String name, Codec<T> codec) {
    /** The longest name, in bytes of UTF-8. */
    public static final int MAX_BYTES = 512;

    /**
     * A key with a codec of your own.
     *
     * @throws InvalidInputException if the name is empty, too long, not well-formed, or has control characters
     */
    public Key {
        Names.checkKey(name);
        Arguments.required(codec, "codec");
    }

    /** A key whose value is plain text. */
    public static Key<String> text(String name) {
        return new Key<>(name, Codec.text());
    }

    /** A key whose value is kept as JSON. Needs {@code jackson-databind}; see {@link Codec#json}. */
    public static <T> Key<T> json(String name, Class<T> type) {
        return new Key<>(name, Codec.json(type));
    }

    /** Keys are equal when their names are: two codecs do not make two keys. */
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
