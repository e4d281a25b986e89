package dev.fencepost.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import dev.fencepost.Codec;
import dev.fencepost.CodecException;
import dev.fencepost.internal.util.Arguments;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A codec for JSON values. Each text is parsed before it is returned, so the limits of reading apply to writing. */
final class JsonCodec<T> implements Codec<T> {
    private final JavaType type;
    private final ObjectReader reader;
    private final ObjectWriter writer;
    private final JsonFactory strict;

    /**
     * Creates a codec.
     *
     * @param reader the reader of the type
     * @param writer the writer of the type, or of any type
     * @param strict the factory of the parser that checks each written text
     */
    JsonCodec(JavaType type, ObjectReader reader, ObjectWriter writer, JsonFactory strict) {
        this.type = type;
        this.reader = reader;
        this.writer = writer;
        this.strict = strict;
    }

    @Override
    public String encode(T value) {
        Arguments.required(value, "value");
        String text;
        try {
            text = writer.writeValueAsString(value);
        } catch (JsonProcessingException | RuntimeException e) {
            throw new CodecException("A value of " + name() + " cannot be written as JSON: " + reason(e), e);
        }
        checkReadable(text);
        return text;
    }

    /** Throws for a text that {@link #decode} would refuse for every type. */
    private void checkReadable(String text) {
        try (JsonParser parser = strict.createParser(text)) {
            JsonToken first = parser.nextToken();
            if (first == null || first == JsonToken.VALUE_NULL) {
                throw new CodecException(
                        "A value of " + name() + " is written as '" + text
                                + "', which cannot be read as a JSON value; delete the key instead",
                        null);
            }
            int depth = 0;
            do {
                JsonToken token = parser.currentToken();
                if (token == JsonToken.VALUE_STRING) {
                    // The parser checks the length of a string only when it creates the string.
                    parser.getText();
                }
                depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
            } while (depth > 0 && parser.nextToken() != null);
            if (parser.nextToken() != null) {
                throw new CodecException(
                        "A value of " + name() + " is written as more than one JSON value; write one", null);
            }
        } catch (IOException e) {
            throw new CodecException(
                    "A value of " + name() + " is written as JSON that cannot be read: " + reason(e)
                            + ". Make it smaller or split it",
                    e);
        }
    }

    @Override
    public T decode(String text) {
        Arguments.required(text, "text");
        T value = read(text);
        if (value == null) {
            throw new CodecException(
                    "The text is read as null, which is not a " + name() + "; delete the key instead", null);
        }
        return value;
    }

    private @Nullable T read(String text) {
        try (JsonParser parser = reader.createParser(text)) {
            // Some types have a value for JSON null, such as an empty reference. That value has no text.
            return parser.nextToken() == JsonToken.VALUE_NULL ? null : reader.<T>readValue(parser);
        } catch (IOException | RuntimeException e) {
            // A deserializer of a module can throw anything.
            throw new CodecException("The text is not the JSON of " + name() + ": " + reason(e), e);
        }
    }

    private String name() {
        return type.toCanonical();
    }

    private static @Nullable String reason(Exception e) {
        return e instanceof JsonProcessingException json ? json.getOriginalMessage() : e.getMessage();
    }
}
