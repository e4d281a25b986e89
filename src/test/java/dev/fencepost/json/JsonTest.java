package dev.fencepost.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import dev.fencepost.Agent;
import dev.fencepost.Codec;
import dev.fencepost.CodecException;
import dev.fencepost.InvalidInputException;
import dev.fencepost.Key;
import dev.fencepost.Precondition;
import dev.fencepost.Prefix;
import dev.fencepost.event.EventStream;
import dev.fencepost.event.NewEvent;
import dev.fencepost.testing.OpenStoreTest;
import java.io.IOException;
import java.lang.reflect.Type;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** JSON of generic types, and of mappers of the caller. */
class JsonTest extends OpenStoreTest {
    private static final Json STANDARD = Json.standard();

    private Agent agent;

    record Step(String stepName, LocalDate dueOn) {}

    record Plan(int number) {}

    record Box<T>(T content, List<T> more) {}

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
    @JsonSubTypes({@JsonSubTypes.Type(value = Move.class, name = "move"), @JsonSubTypes.Type(Stop.class)})
    sealed interface Act {}

    record Move(int distance) implements Act {}

    record Stop() implements Act {}

    @BeforeEach
    void open() {
        agent = store.agent("a");
    }

    private static <T> T readAgain(Codec<T> codec, T value) {
        return codec.decode(codec.encode(value));
    }

    private static void isRefused(Runnable call, Class<?> error, String why) {
        assertThatThrownBy(call::run).isExactlyInstanceOf(error).hasMessageContaining(why);
    }

    /** Returns a mapper whose text for each step is written by a serializer. */
    private static ObjectMapper writing(String text) {
        return JsonMapper.builder()
                .addModule(new SimpleModule().addSerializer(new StdSerializer<>(Step.class) {
                    @Override
                    public void serialize(Step step, JsonGenerator generator, SerializerProvider provider)
                            throws IOException {
                        generator.writeRawValue(text);
                    }
                }))
                .build();
    }

    /** Returns a mapper with names in snake case, and a module for dates. */
    private static ObjectMapper custom() {
        return JsonMapper.builder()
                .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                .addModule(new SimpleModule()
                        .addSerializer(LocalDate.class, ToStringSerializer.instance)
                        .addDeserializer(LocalDate.class, new StdDeserializer<>(LocalDate.class) {
                            @Override
                            public LocalDate deserialize(JsonParser parser, DeserializationContext context)
                                    throws IOException {
                                return LocalDate.parse(parser.getText());
                            }
                        }))
                .build();
    }

    @Test
    void genericKeys_areReadAgain() {
        Key<List<Plan>> list = STANDARD.key("list", new TypeReference<List<Plan>>() {});
        Key<Map<String, List<Plan>>> map = STANDARD.key("map", new TypeReference<Map<String, List<Plan>>>() {});
        Key<Box<Plan>> box = STANDARD.key("box", new TypeReference<Box<Plan>>() {});
        Key<List<Plan>[]> array = STANDARD.key("array", new TypeReference<List<Plan>[]>() {});
        Key<List<? extends Act>> wild = STANDARD.key("wild", new TypeReference<List<? extends Act>>() {});
        agent.put(list, List.of(new Plan(1), new Plan(2)));
        agent.put(map, Map.of("a", List.of(new Plan(3))));
        agent.put(box, new Box<>(new Plan(4), List.of(new Plan(5))));
        agent.put(wild, List.of(new Move(6), new Stop()));
        assertThat(store.get(list).orElseThrow().value()).containsExactly(new Plan(1), new Plan(2));
        assertThat(store.get(map).orElseThrow().value()).isEqualTo(Map.of("a", List.of(new Plan(3))));
        assertThat(store.get(box).orElseThrow().value()).isEqualTo(new Box<>(new Plan(4), List.of(new Plan(5))));
        assertThat(store.get(wild).orElseThrow().value()).isEqualTo(List.of(new Move(6), new Stop()));
        assertThat(array.codec().decode("[[{\"number\":7}]]")[0]).containsExactly(new Plan(7));
    }

    @Test
    void genericPrefixAndStream_areReadAgain() {
        Prefix<List<Plan>> plans = STANDARD.prefix("plans/", new TypeReference<List<Plan>>() {});
        EventStream<Map<String, Plan>> made = STANDARD.stream("made", new TypeReference<Map<String, Plan>>() {});
        agent.put(plans.key("a"), List.of(new Plan(1)));
        agent.append(made, NewEvent.of(Map.of("a", new Plan(1))));
        assertThat(store.list(plans))
                .singleElement()
                .satisfies(found -> assertThat(found.value()).containsExactly(new Plan(1)));
        assertThat(store.events(made))
                .singleElement()
                .satisfies(found -> assertThat(found.body()).isEqualTo(Map.of("a", new Plan(1))));
    }

    @Test
    void classes_haveTheTextsOfTheShortForms() {
        agent.put(STANDARD.key("plans/a", Plan.class), new Plan(1));
        agent.append(STANDARD.stream("made", Plan.class), NewEvent.of(new Plan(2)));
        assertThat(store.get(Key.json("plans/a", Plan.class)).orElseThrow().value())
                .isEqualTo(new Plan(1));
        assertThat(store.get(Key.text("plans/a")).orElseThrow().value()).isEqualTo("{\"number\":1}");
        assertThat(store.list(STANDARD.prefix("plans/", Plan.class))).hasSize(1);
        assertThat(store.events(EventStream.json("made", Plan.class))).hasSize(1);
    }

    @Test
    void polymorphicElements_haveTypeIds() {
        Codec<Box<Act>> codec = STANDARD.codec(new TypeReference<Box<Act>>() {});
        Box<Act> box = new Box<>(new Move(1), List.of(new Stop()));
        assertThat(codec.encode(box)).contains("\"kind\":\"move\"");
        assertThat(readAgain(codec, box)).isEqualTo(box);
    }

    @Test
    void keysAndStreams_ofOneName_areEqual() {
        Key<List<Plan>> key = STANDARD.key("k", new TypeReference<List<Plan>>() {});
        assertThat(key)
                .isEqualTo(Key.text("k"))
                .hasSameHashCodeAs(Key.text("k"))
                .hasToString("k");
        EventStream<List<Plan>> stream = STANDARD.stream("k", new TypeReference<List<Plan>>() {});
        assertThat(stream).isEqualTo(EventStream.text("k")).hasToString("k");
        assertThat(STANDARD.prefix("k", new TypeReference<List<Plan>>() {})).hasToString("k*");
    }

    @Test
    void mapperOfTheCaller_decidesTheText() {
        Json json = Json.of(custom());
        Step step = new Step("pour", LocalDate.of(2024, 2, 29));
        Key<List<Step>> steps = json.key("steps", new TypeReference<List<Step>>() {});
        agent.put(steps, List.of(step));
        agent.append(json.stream("done", Step.class), NewEvent.of(step));
        String text = "{\"step_name\":\"pour\",\"due_on\":\"2024-02-29\"}";
        assertThat(store.get(Key.text("steps")).orElseThrow().value()).isEqualTo("[" + text + "]");
        assertThat(store.get(steps).orElseThrow().value()).containsExactly(step);
        assertThat(store.events(EventStream.text("done")))
                .singleElement()
                .satisfies(found -> assertThat(found.body()).isEqualTo(text));
        assertThat(agent.put(steps, List.of(), Precondition.ifValue(List.of(step)))
                        .version())
                .isEqualTo(2);
    }

    @Test
    void mapperOfTheCaller_isNotChanged() throws Exception {
        ObjectMapper mapper = new ObjectMapper();
        Map<String, Integer> map = new LinkedHashMap<>();
        map.put("b", 1);
        map.put("a", 2);
        ObjectNode node = JsonNodeFactory.instance.objectNode().put("b", 1).put("a", 2);
        Json json = Json.of(mapper);
        assertThat(json.codec(new TypeReference<Map<String, Integer>>() {}).encode(map))
                .isEqualTo("{\"a\":2,\"b\":1}");
        assertThat(json.codec(JsonNode.class).encode(node)).isEqualTo("{\"a\":2,\"b\":1}");
        assertThat(mapper.writeValueAsString(map)).isEqualTo("{\"b\":1,\"a\":2}");
        assertThat(mapper.readValue("1 2", Integer.class)).isEqualTo(1);
    }

    @Test
    void writtenText_notOneJsonValue_isRefused() {
        Step step = new Step("pour", LocalDate.EPOCH);
        isRefused(() -> Json.of(writing("null")).codec(Step.class).encode(step), CodecException.class, "'null'");
        isRefused(() -> Json.of(writing("1 2")).codec(Step.class).encode(step), CodecException.class, "more than one");
        for (String text : List.of("", "1 /* one */", "{a: 1}", "NaN", "'x'", "[1,]")) {
            isRefused(
                    () -> Json.of(writing(text)).codec(Step.class).encode(step),
                    CodecException.class,
                    Step.class.getName());
        }
        ObjectMapper bare = JsonMapper.builder()
                .disable(JsonWriteFeature.WRITE_NAN_AS_STRINGS)
                .build();
        isRefused(() -> Json.of(bare).codec(Double.class).encode(Double.NaN), CodecException.class, "NaN");
    }

    @Test
    void storedText_nullOrTwoValues_isRefused() {
        Codec<AtomicReference<String>> reference =
                Json.of(new ObjectMapper()).codec(new TypeReference<AtomicReference<String>>() {});
        isRefused(() -> reference.decode("null"), CodecException.class, "null");
        isRefused(() -> reference.encode(new AtomicReference<>()), CodecException.class, "'null'");
        assertThat(reference.decode("\"x\"").get()).isEqualTo("x");
        Codec<Plan> lenient = Json.of(JsonMapper.builder()
                        .enable(DeserializationFeature.ACCEPT_EMPTY_STRING_AS_NULL_OBJECT)
                        .build())
                .codec(Plan.class);
        isRefused(() -> lenient.decode("\"\""), CodecException.class, "read as null");
        for (String text : List.of("", "{\"number\":1} 2", "{\"number\":1} {", "[]", "{")) {
            isRefused(() -> lenient.decode(text), CodecException.class, Plan.class.getName());
        }
    }

    @Test
    void limitsOfTheMapper_applyToWriting() {
        Json json = Json.of(JsonMapper.builder(JsonFactory.builder()
                        .streamReadConstraints(StreamReadConstraints.builder()
                                .maxStringLength(10)
                                .build())
                        .build())
                .build());
        Codec<List<String>> codec = json.codec(new TypeReference<List<String>>() {});
        assertThat(readAgain(codec, List.of("x".repeat(10)))).hasSize(1);
        isRefused(() -> codec.encode(List.of("x".repeat(11))), CodecException.class, "10");
    }

    @Test
    void errorsOfModules_areTyped() {
        Codec<LocalDate> dates = Json.of(custom()).codec(LocalDate.class);
        assertThatThrownBy(() -> dates.decode("\"soon\""))
                .isExactlyInstanceOf(CodecException.class)
                .hasMessageContaining("soon")
                .hasCauseInstanceOf(DateTimeException.class);
        agent.put(Key.text("day"), "\"soon\"");
        isRefused(() -> store.get(new Key<>("day", dates)), CodecException.class, "java.time.LocalDate");
        isRefused(() -> STANDARD.codec(Object.class).encode(new Object()), CodecException.class, "Object");
    }

    @Test
    void mapperOfAnotherFormat_isRefused() {
        JsonFactory yaml = new JsonFactory() {
            private static final long serialVersionUID = 1;

            @Override
            public String getFormatName() {
                return "YAML";
            }
        };
        isRefused(() -> Json.of(new ObjectMapper(yaml)), InvalidInputException.class, "YAML");
    }

    private static <T> TypeReference<Map<String, List<? super T[]>>> erased() {
        return new TypeReference<>() {};
    }

    /** Returns a reference whose type is the given one. */
    private static TypeReference<Object> reference(Type type) {
        return new TypeReference<>() {
            @Override
            public Type getType() {
                return type;
            }
        };
    }

    @Test
    void typeReference_withoutConcreteType_isRefused() {
        isRefused(() -> STANDARD.key("k", erased()), InvalidInputException.class, "type variable T");
        isRefused(() -> STANDARD.prefix("k", erased()), InvalidInputException.class, "type variable T");
        isRefused(() -> STANDARD.stream("k", erased()), InvalidInputException.class, "type variable T");
        isRefused(() -> STANDARD.codec(reference(null)), InvalidInputException.class, "no type");
        Type unknown = new Type() {
            @Override
            public String getTypeName() {
                return "strange";
            }
        };
        isRefused(() -> STANDARD.codec(reference(unknown)), InvalidInputException.class, "strange");
    }

    @Test
    void nullArguments_areNamed() {
        isRefused(() -> Json.of(null), InvalidInputException.class, "'mapper'");
        isRefused(() -> STANDARD.codec((Class<Object>) null), InvalidInputException.class, "'type'");
        isRefused(() -> STANDARD.key("k", (TypeReference<Object>) null), InvalidInputException.class, "'type'");
        isRefused(() -> STANDARD.prefix(null, Plan.class), InvalidInputException.class, "'name'");
        isRefused(() -> STANDARD.stream(null, Plan.class), InvalidInputException.class, "'name'");
        isRefused(() -> STANDARD.codec(Plan.class).encode(null), InvalidInputException.class, "'value'");
    }
}
