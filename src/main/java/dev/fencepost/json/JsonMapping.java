package dev.fencepost.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamWriteConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.fencepost.InvalidInputException;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.util.Arrays;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A mapper with the settings that every mapper has here. They are set on a reader and a writer of the mapper, so that
 * the mapper does not change.
 */
final class JsonMapping {
    private static final int MAX_NAME_LENGTH = 50_000;
    private static final int MAX_STRING_LENGTH = 20_000_000;
    private static final int MAX_NUMBER_LENGTH = 1_000;
    private static final int MAX_NESTING_DEPTH = 1_000;

    private final ObjectMapper mapper;
    private final ObjectReader reader;
    private final ObjectWriter writer;
    private final JsonFactory strict;

    JsonMapping(ObjectMapper mapper) {
        JsonFactory factory = mapper.getFactory();
        if (!JsonFactory.FORMAT_NAME_JSON.equals(factory.getFormatName())) {
            throw new InvalidInputException("The mapper is for the format " + factory.getFormatName()
                    + ", and values are stored as JSON; give a mapper for JSON, or use a codec of your own");
        }
        this.mapper = mapper;
        reader = mapper.reader().with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
        writer = mapper.writer()
                .with(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
                .with(JsonNodeFeature.WRITE_PROPERTIES_SORTED);
        strict = JsonFactory.builder()
                .streamReadConstraints(factory.streamReadConstraints())
                .build();
    }

    /**
     * Returns the standard mapper. Its limits are set here, so that a host that changes Jackson's defaults does not
     * change the texts that a file can hold.
     */
    static JsonMapping standard() {
        return new JsonMapping(JsonMapper.builder(JsonFactory.builder()
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
                .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
                .build());
    }

    /**
     * Returns the codec of a type.
     *
     * @throws InvalidInputException if the type is missing, has a type variable, or is none that Jackson knows
     */
    <T> JsonCodec<T> codec(@Nullable Type type) {
        if (type == null) {
            throw new InvalidInputException("The type reference has no type; give one with concrete types");
        }
        variables(type).findFirst().ifPresent(variable -> {
            throw new InvalidInputException(
                    "The type " + type.getTypeName() + " has the type variable " + variable.getTypeName()
                            + ", which is erased at run time; give a type reference with concrete types");
        });
        try {
            JavaType known = mapper.constructType(type);
            // A value of a class is written as its runtime class; a runtime class does not know its type arguments.
            ObjectWriter typed = type instanceof Class<?> ? writer : writer.forType(known);
            return new JsonCodec<>(known, reader.forType(known), typed, strict);
        } catch (RuntimeException e) {
            throw new InvalidInputException(
                    "The mapper does not know the type " + type.getTypeName() + ": " + e.getMessage()
                            + ". Give another type, or configure the mapper for it",
                    e);
        }
    }

    private static Stream<Type> variables(@Nullable Type type) {
        if (type instanceof TypeVariable<?>) {
            return Stream.of(type);
        } else if (type instanceof ParameterizedType generic) {
            return Stream.concat(variables(generic.getOwnerType()), variables(generic.getActualTypeArguments()));
        } else if (type instanceof GenericArrayType array) {
            return variables(array.getGenericComponentType());
        } else if (type instanceof WildcardType wildcard) {
            return Stream.concat(variables(wildcard.getUpperBounds()), variables(wildcard.getLowerBounds()));
        }
        return Stream.empty();
    }

    private static Stream<Type> variables(Type[] types) {
        return Arrays.stream(types).flatMap(JsonMapping::variables);
    }
}
