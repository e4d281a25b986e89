package dev.fencepost;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;

/**
 * Values as JSON, through Jackson, which is an optional dependency. Map entries are written in the order of their keys,
 * so that equal values have equal texts; anything after the first JSON value is refused.
 */
final class JsonCodec<T> implements Codec<T> {
    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .findAndAddModules()
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .enable(JsonNodeFeature.WRITE_PROPERTIES_SORTED)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .build();

    private final JavaType type;

    JsonCodec(Class<T> type) {
        this.type = MAPPER.constructType(type);
    }

    @Override
    public String encode(T value) {
        try {
            return MAPPER.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new CodecException("A value of " + type + " cannot be written as JSON: " + e.getOriginalMessage(), e);
        }
    }

    @Override
    public T decode(String text) {
        T value;
        try {
            value = MAPPER.readValue(text, type);
        } catch (JsonProcessingException e) {
            throw new CodecException("The text is not the JSON of " + type + ": " + e.getOriginalMessage(), e);
        }
        if (value == null) {
            throw new CodecException("The text is JSON null, which is no " + type + "; delete the key instead", null);
        }
        return value;
    }
}
