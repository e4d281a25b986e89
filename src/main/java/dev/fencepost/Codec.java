package dev.fencepost;

import dev.fencepost.internal.util.Arguments;
import dev.fencepost.json.Json;

/**
 * A conversion between values and their text in the file.
 *
 * <p>People who open the file with {@code sqlite3} see the text, so it should be readable. An encoding must be
 * deterministic, because {@link Precondition#ifValue} compares texts. Implementations must be safe for use by many
 * threads.
 *
 * <p>A codec must be able to decode each text that it encodes. The store does not check that before a commit. A text
 * that the codec cannot decode is committed, and each later read of the value throws {@link CodecException}. A key with
 * {@link #text()} still reads the text.
 *
 * @param <T> the type of the values; they should be immutable. The cache holds texts, so every read decodes a new value
 */
public interface Codec<T> {
    /**
     * Returns the text of a value. It must be well-formed Unicode without the character U+0000.
     *
     * @throws CodecException if the value has no text
     */
    String encode(T value);

    /**
     * Returns the value of a text.
     *
     * @throws CodecException if the text is not valid for this codec
     */
    T decode(String text);

    /** Returns the codec of plain text: the text is the value. */
    static Codec<String> text() {
        return TextCodec.INSTANCE;
    }

    /**
     * Returns the codec of values that are stored as JSON. Needs {@code jackson-databind} on the class path.
     * {@link Json} has the forms for generic types and for a mapper of the caller.
     *
     * <p>Encoding has the limits of decoding, and throws {@link CodecException} beyond them: member names of up to
     * 50,000 characters, strings of up to 20,000,000, numbers of up to 1,000, and 1,000 levels of nesting. A value that
     * encodes to JSON null is refused too.
     *
     * @throws InvalidInputException if jackson-databind is not on the class path
     */
    static <T> Codec<T> json(Class<T> type) {
        Arguments.required(type, "type");
        return Json.standard().codec(type);
    }
}
