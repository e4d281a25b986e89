package dev.fencepost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JsonRawValue;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.fencepost.event.EventStream;
import dev.fencepost.event.Fold;
import dev.fencepost.event.NewEvent;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Values written as JSON: readable again within the limits, refused beyond them. */
class JsonCodecTest {
    private static final int MAX_NAME = 50_000;
    private static final int MAX_STRING = 20_000_000;
    private static final int MAX_NUMBER = 1_000;
    private static final int MAX_DEPTH = 1_000;

    @TempDir
    Path folder;

    /** A value whose JSON is the given text, valid JSON or not. */
    record Raw(@JsonValue @JsonRawValue String json) {}

    private static <T> void isReadAgain(Codec<T> codec, T value) {
        assertThat(codec.decode(codec.encode(value))).isEqualTo(value);
    }

    private static <T> void isRefused(Codec<T> codec, T value, String why) {
        assertThatThrownBy(() -> codec.encode(value))
                .isInstanceOf(CodecException.class)
                .hasMessageContaining(why);
    }

    @Test
    void memberName_tooLong_isRefused() {
        Codec<Object> codec = Codec.json(Object.class);
        isReadAgain(codec, Map.of("x".repeat(MAX_NAME), 1));
        isRefused(codec, Map.of("x".repeat(MAX_NAME + 1), 1), "50000");
        isRefused(codec, List.of(Map.of("y".repeat(51_000), Map.of())), "50000");
    }

    @Test
    void string_tooLong_isRefused() {
        Codec<Object> codec = Codec.json(Object.class);
        isReadAgain(codec, "x".repeat(MAX_STRING));
        isRefused(codec, "x".repeat(MAX_STRING + 1), "20000000");
        isRefused(codec, List.of("x".repeat(MAX_STRING + 1)), "20000000");
        isRefused(codec, Map.of("name", "x".repeat(MAX_STRING + 1)), "20000000");
    }

    @Test
    void number_tooLong_isRefused() {
        Codec<Object> codec = Codec.json(Object.class);
        isReadAgain(codec, BigInteger.TEN.pow(MAX_NUMBER - 1));
        isRefused(codec, BigInteger.TEN.pow(MAX_NUMBER), "1000");
        isRefused(codec, List.of(1, BigInteger.TEN.pow(MAX_NUMBER)), "1000");
        isRefused(Codec.json(Raw.class), new Raw("1." + "0".repeat(2 * MAX_NUMBER)), "1000");
    }

    private static Object nested(int depth) {
        Object nested = 1;
        for (int i = 0; i < depth; i++) {
            nested = i % 2 == 0 ? List.of(nested) : Map.of("n", nested);
        }
        return nested;
    }

    @Test
    void nesting_tooDeep_isRefused() {
        Codec<Object> codec = Codec.json(Object.class);
        isReadAgain(codec, nested(MAX_DEPTH));
        isRefused(codec, nested(MAX_DEPTH + 1), "1000");
        JsonNode deep = JsonNodeFactory.instance.numberNode(1);
        for (int i = 0; i <= MAX_DEPTH; i++) {
            deep = JsonNodeFactory.instance.arrayNode().add(deep);
        }
        isRefused(Codec.json(JsonNode.class), deep, "1000");
    }

    @Test
    void noSingleValue_isRefused() {
        isRefused(Codec.json(JsonNode.class), JsonNodeFactory.instance.nullNode(), "null");
        Codec<Raw> raw = Codec.json(Raw.class);
        for (String text :
                List.of("", " ", "null", "1 2", "[1] {}", "[1", "{\"a\":}", "nonsense", "\"open", "]", "1,")) {
            assertThatThrownBy(() -> raw.encode(new Raw(text))).as(text).isInstanceOf(CodecException.class);
        }
        assertThat(raw.encode(new Raw("{\"a\":[1,{}],\"b\":null}"))).isEqualTo("{\"a\":[1,{}],\"b\":null}");
    }

    @Test
    void values_ofAllKinds_areReadAgain() {
        Codec<Object> codec = Codec.json(Object.class);
        for (Object value :
                List.of("", 0, true, 1.5, List.of(), Map.of(), List.of(List.of(), Map.of("a", List.of(1))))) {
            isReadAgain(codec, value);
        }
    }

    @Test
    void unreadableValue_isNotWritten_prefixIsListed() {
        try (Store store = Store.open(folder.resolve("a.db"))) {
            Agent agent = store.agent("a");
            Key<Object> key = Key.json("plans/a", Object.class);
            EventStream<Object> stream = EventStream.json("plans", Object.class);
            Object unreadable = Map.of("x".repeat(MAX_NAME + 1), 1);
            List<Runnable> writes = new ArrayList<>(List.of(
                    () -> agent.put(key, unreadable).orThrow(),
                    () -> agent.update(key, 1, value -> unreadable),
                    () -> agent.transact(tx -> {
                        tx.put(key, unreadable);
                        return 1;
                    }),
                    () -> agent.commit(WriteBatch.of().put(key, unreadable)).orThrow(),
                    () -> agent.append(stream, NewEvent.of(unreadable)),
                    () -> agent.put(key, 1, Precondition.ifValue(unreadable)).orThrow()));
            for (Runnable write : writes) {
                assertThatThrownBy(write::run).isInstanceOf(CodecException.class);
            }
            agent.append(stream, NewEvent.of(1));
            agent.put(key, 1).orThrow();
            assertThatThrownBy(() ->
                            agent.fold(stream, new Fold<>("f", 1, unreadable, (state, event) -> state, key.codec())))
                    .isInstanceOf(CodecException.class);
            assertThat(store.list(Prefix.json("plans/", Object.class))).hasSize(1);
            assertThat(store.events(stream)).hasSize(1);
        }
    }
}
