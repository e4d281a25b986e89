package dev.fencepost.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamWriteConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.fencepost.Arguments;
import dev.fencepost.Codec;
import dev.fencepost.CodecException;
import java.io.IOException;

/**
 * A codec for JSON values. It uses Jackson, which is an optional dependency. Map entries are written in the order of
 * their keys, so that equal values have equal texts. Text after the first JSON value is refused.
 *
 * <p>The limits of reading also apply to writing, see {@link Codec#json}: each text is parsed before it is returned.
 * The limits are set here, so that a host that changes Jackson's defaults does not change the texts that a file can
 * hold.
 */
public final class JsonCodec<T> implements Codec<T> {
    private static final int MAX_NAME_LENGTH = 50_000;
    private static final int MAX_STRING_LENGTH = 20_000_000;
    private static final int MAX_NUMBER_LENGTH = 1_000;
    private static final int MAX_NESTING_DEPTH = 1_000;

    private static final ObjectMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNameLength(MAX_NAME_LENGTH)
                            .maxStringLength(MAX_STRING_LENGTH)
                            .maxNumberLength(MAX_NUMBER_LENGTH)
                            .maxNestingDepth(MAX_NESTING_DEPTH)
                            .build())
                    .streamWriteConstraints(StreamWriteConstraints.builder()
                            .maxNestingDepth(MAX_NESTING_DEPTH)
                            .build())
                    .build())
            .findAndAddModules()
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .enable(JsonNodeFeature.WRITE_PROPERTIES_SORTED)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .build();

    private final JavaType type;

    public JsonCodec(Class<T> type) {
        this.type = MAPPER.constructType(type);
    }

    @Override
    public String encode(T value) {
        Arguments.required(value, "value");
        String text;
        try {
            text = MAPPER.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new CodecException("A value of " + type + " cannot be written as JSON: " + e.getOriginalMessage(), e);
        }
        checkReadable(text);
        return text;
    }

    /** Throws for a text that {@link #decode} would refuse for every type. */
    private void checkReadable(String text) {
        try (JsonParser parser = MAPPER.createParser(text)) {
            JsonToken first = parser.nextToken();
            if (first == null || first == JsonToken.VALUE_NULL) {
                throw new CodecException(
                        "A value of " + type + " is written as '" + text
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
                        "A value of " + type + " is written as more than one JSON value; write one", null);
            }
        } catch (IOException e) {
            String why = e instanceof JsonProcessingException json ? json.getOriginalMessage() : e.getMessage();
            throw new CodecException(
                    "A value of " + type + " is written as JSON that cannot be read: " + why
                            + ". Make it smaller or split it",
                    e);
        }
    }

    @Override
    public T decode(String text) {
        Arguments.required(text, "text");
        T value;
        try {
            value = MAPPER.readValue(text, type);
        } catch (JsonProcessingException e) {
            throw new CodecException("The text is not the JSON of " + type + ": " + e.getOriginalMessage(), e);
        }
        if (value == null) {
            throw new CodecException(
                    "The text is JSON null, which is not a " + type + "; delete the key instead", null);
        }
        return value;
    }
}
