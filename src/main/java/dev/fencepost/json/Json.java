package dev.fencepost.json;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fencepost.Codec;
import dev.fencepost.InvalidInputException;
import dev.fencepost.Key;
import dev.fencepost.Prefix;
import dev.fencepost.event.EventCodec;
import dev.fencepost.event.EventStream;
import dev.fencepost.internal.util.Arguments;

/**
 * Codecs, keys, prefixes and streams of values that are stored as JSON, of one Jackson mapper. A {@link TypeReference}
 * names a generic type:
 *
 * <pre>{@code
 * Json json = Json.of(mapper); // or Json.standard()
 * Key<List<Plan>> plans = json.key("plans", new TypeReference<List<Plan>>() {});
 * }</pre>
 *
 * <p>{@link Codec#json}, {@link Key#json}, {@link Prefix#json} and {@link EventStream#json} are short forms of
 * {@link #standard()} for a class. Needs {@code jackson-databind} 2.16 or later; a module that uses this class requires
 * {@code com.fasterxml.jackson.databind} itself. Immutable.
 *
 * <p>Every mapper has these rules. {@link dev.fencepost.CodecException} reports a violation:
 *
 * <ul>
 *   <li>A text is one JSON value. Text after it is refused. A written text is strict JSON, so a serializer cannot write
 *       comments, unquoted names or a bare {@code NaN}.
 *   <li>JSON null is refused, and so is a text that the mapper reads as null.
 *   <li>The mapper's limits of reading, its {@link com.fasterxml.jackson.core.StreamReadConstraints}, apply to writing
 *       too: the mapper's parser never refuses a written text as too long or too deep.
 *   <li>Map entries and the members of a {@code JsonNode} are written in the order of their keys. A sorted map keeps
 *       its own order.
 * </ul>
 *
 * <p>{@link dev.fencepost.Precondition#ifValue} compares texts, so equal values should have equal texts. The order of
 * map entries serves that. Two cases are not covered: a set is written in the order in which it iterates, so use sorted
 * sets; and a serializer of a module decides alone on the order and the form of its text.
 */
// Jackson is an optional dependency. With "requires static transitive" no module could be compiled without it.
@SuppressWarnings("exports")
public final class Json {
    private final JsonMapping mapping;

    private Json(JsonMapping mapping) {
        this.mapping = mapping;
    }

    /** The standard mapper, made when it is used first. */
    private static final class Standard {
        static final Json JSON = new Json(JsonMapping.standard());

        private Standard() {}
    }

    /**
     * Returns the JSON of the standard mapper. The mapper has the Jackson modules on the class path, writes dates and
     * times as text, and has the limits that {@link Codec#json} names.
     *
     * @throws InvalidInputException if jackson-databind is not on the class path, or too old
     */
    public static Json standard() {
        try {
            return Standard.JSON;
        } catch (LinkageError e) {
            throw Jackson.unfit(e);
        }
    }

    /**
     * Returns the JSON of a mapper of the caller. The mapper's modules, naming strategy, mix-ins and features apply.
     *
     * <p>The mapper is used as it is, neither copied nor changed. As Jackson demands, it must be configured completely
     * before this call; then it is safe for use by many threads. A later change of it can change the texts of new
     * values. Calling this method again for the same mapper is cheap: the mapper caches what it knows of types.
     *
     * <p>Programs that share a file should use the same settings. A value that was written with other settings may be
     * unreadable.
     *
     * @throws InvalidInputException if the mapper is for another format than JSON, or jackson-databind is too old
     */
    public static Json of(ObjectMapper mapper) {
        Arguments.required(mapper, "mapper");
        try {
            return new Json(new JsonMapping(mapper));
        } catch (LinkageError e) {
            throw Jackson.unfit(e);
        }
    }

    /** Returns the codec of a class without type parameters. */
    public <T> Codec<T> codec(Class<T> type) {
        Arguments.required(type, "type");
        return mapping.codec(type);
    }

    /**
     * Returns the codec of a type. The type arguments apply to reading and writing, so elements of a polymorphic type
     * are written with their type IDs.
     *
     * @throws InvalidInputException if the type has a type variable, which is erased at run time
     */
    public <T> Codec<T> codec(TypeReference<T> type) {
        Arguments.required(type, "type");
        return mapping.codec(type.getType());
    }

    /** Creates a key whose value has a class without type parameters. */
    public <T> Key<T> key(String name, Class<T> type) {
        return new Key<>(name, codec(type));
    }

    /** Creates a key whose value has a generic type; see {@link #codec(TypeReference)}. */
    public <T> Key<T> key(String name, TypeReference<T> type) {
        return new Key<>(name, codec(type));
    }

    /** Creates a prefix of keys whose values have a class without type parameters. */
    public <T> Prefix<T> prefix(String name, Class<T> type) {
        return new Prefix<>(name, codec(type));
    }

    /** Creates a prefix of keys whose values have a generic type; see {@link #codec(TypeReference)}. */
    public <T> Prefix<T> prefix(String name, TypeReference<T> type) {
        return new Prefix<>(name, codec(type));
    }

    /** Creates a stream of events that have a class without type parameters. */
    public <T> EventStream<T> stream(String name, Class<T> type) {
        return new EventStream<>(name, EventCodec.of(codec(type)));
    }

    /** Creates a stream of events that have a generic type; see {@link #codec(TypeReference)}. */
    public <T> EventStream<T> stream(String name, TypeReference<T> type) {
        return new EventStream<>(name, EventCodec.of(codec(type)));
    }
}
